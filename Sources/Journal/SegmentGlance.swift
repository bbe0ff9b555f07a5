internal import Dispatch
internal import Operations
internal import Synchronization

/// What is known of a segment without keeping it open.
struct SegmentGlance: Sendable {
    let name: SegmentName
    let header: SegmentHeader
    let fileBytes: Int
}

extension SegmentGlance {
    /// Tells what is known of an open segment.
    init(_ segment: Segment) throws {
        self.init(name: segment.name, header: segment.header, fileBytes: try segment.size())
    }

    private init(_ name: SegmentName, in directory: JournalDirectory) throws {
        let (header, file) = try Segment.header(of: name, in: directory, for: .reading)
        do {
            self.init(name: name, header: header, fileBytes: try file.size())
        } catch {
            throw JournalError(error, "Segment \(name) cannot be read")
        }
    }

    /// Reads the headers of segments, many of them side by side: most of the time goes into opening files.
    ///
    /// - Throws: `JournalError`: that of the first one that has none to show.
    static func all(
        _ names: [SegmentName],
        in directory: JournalDirectory
    ) throws -> [SegmentGlance] {
        let starts = Array(stride(from: 0, to: names.count, by: runCount))
        let runs = Mutex<[Int: Result<[SegmentGlance], any Error>]>([:])
        DispatchQueue.concurrentPerform(iterations: starts.count) { number in
            let run = names[starts[number]...].prefix(runCount)
            let found = Result { try run.map { try SegmentGlance($0, in: directory) } }
            runs.withLock { $0[number] = found }
        }
        let found = runs.withLock { $0 }
        return try starts.indices.flatMap { try found[$0]?.get() ?? [] }
    }

    /// How many are read one after another.
    private static let runCount = 512
}
