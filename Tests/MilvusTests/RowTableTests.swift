import Capture
import Operations
import TestSupport
import Testing

@testable import Milvus

struct RowTableTests {
    @Test func `the log folded by row timestamp is the source at the end of every phase`() throws {
        let recording = try Recording.milvus235.get()
        var compared = 0
        var fold = try RecordedFold(recording)
        for phase in recording.manifest.phases {
            try fold.advance(through: phase.tso)
            for (database, collections) in phase.state {
                for (name, state) in collections {
                    let found = try fold.collection(database, name, at: phase.tso)
                    let place = "\(phase.phase): \(database).\(name)"
                    #expect(found.table.keyCount == state.rows, "\(place)")
                    #expect(found.table.digest == state.digest, "\(place)")
                    if let expected = state.rows_by_partition {
                        #expect(found.keyCountByPartition == expected, "\(place)")
                    }
                    compared += 1
                }
            }
        }
        #expect(compared == 137)
    }
}
