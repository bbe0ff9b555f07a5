import Foundation
import Operations
import Testing

@testable import Journal

/// What the fuzzers of tools/fuzz begin with, and what they have found.
struct FuzzTests {
    private func seed(_ name: String) throws -> [UInt8] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        return Array(try Data(contentsOf: folder.appending(path: "Fixtures/fuzz/\(name)")))
    }

    @Test func `the seeds are sound, so that fuzzing begins behind the first checks`() throws {
        #expect(try SegmentHeader(decoding: try seed("segment-header/first")).ordinal == 1)
        #expect(HeadRecord.newest(in: try seed("head/two-slots")) != nil)
        #expect(try !CommitRecord(decoding: try seed("commit/one")[...]).position.offsets.isEmpty)
        #expect(throws: Never.self) { try OpeningRecord(decoding: try seed("opening/one")[...]) }
        #expect(try !SegmentIndex(decoding: try seed("footer/one")[...]).commits.isEmpty)
    }

    @Test func `counts of a footer that come twice are refused`() {
        var bytes = ByteWriter()
        bytes.write(UInt32(0))
        bytes.write(UInt32(0))
        bytes.write(Chain.start)
        bytes.write(UInt32(1))
        bytes.write(Int64(100))
        bytes.write(UInt32(2))
        for _ in 0..<2 {
            bytes.write(OperationKind.insert.rawValue)
            bytes.write(UInt64.max)
            bytes.write(UInt64(1))
        }
        #expect(throws: (any Error).self) { try SegmentIndex(decoding: bytes.bytes[...]) }
    }
}
