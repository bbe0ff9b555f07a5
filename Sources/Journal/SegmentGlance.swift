internal import Dispatch
internal import Operations
internal import Synchronization

/// What is known of a segment without keeping it open.
struct SegmentGlance: Sendable {
    let header: SegmentHeader
    let fileBytes: Int
}

extension SegmentGlance {
    /// Tells what is known of an open segment.
    init(_ segment: Segment) throws {
        self.init(header: segment.header, fileBytes: try segment.size())
    }

    private init(
        _ name: SegmentName,
        in folder: any StorageDirectory,
        _ start: inout [UInt8]
    ) throws {
        do {
            let fileBytes = try folder.glance(at: name.description, &start)
            self.init(header: try SegmentHeader(decoding: start, of: name), fileBytes: fileBytes)
        } catch let failure as StorageFailure {
            throw JournalError(failure, "Segment \(name) cannot be read")
        }
    }

    /// Reads the headers of segments.
    ///
    /// - Throws: `JournalError`: that of the first one that has none to show.
    static func all(
        _ names: [SegmentName],
        in directory: JournalDirectory
    ) throws -> [SegmentGlance] {
        try runs(of: names, in: directory) { $0 }.flatMap { $0 }
    }

    /// Reads the headers of segments in runs, many of them side by side: most of the time goes into opening files.
    ///
    /// - Parameters:
    ///   - names: The segments, in order.
    ///   - directory: Where they are.
    ///   - body: Takes the headers of a run; what it needs of them it has to keep.
    /// - Returns: What it made of each run, in order.
    /// - Throws: `JournalError`: that of the first run that has a segment without a header to show, or what `body` throws.
    static func runs<Value: Sendable>(
        of names: [SegmentName],
        in directory: JournalDirectory,
        _ body: @Sendable ([SegmentGlance]) throws -> Value
    ) throws -> [Value] {
        guard !names.isEmpty else { return [] }
        let folder: any StorageDirectory
        do {
            folder = try directory.storage.open(directory: directory.path)
        } catch {
            throw JournalError(error, "The journal's directory cannot be opened")
        }
        let starts = Array(stride(from: 0, to: names.count, by: runCount))
        let results = Mutex<[Int: Result<Value, any Error>]>([:])
        DispatchQueue.concurrentPerform(iterations: starts.count) { number in
            let run = names[starts[number]...].prefix(runCount)
            let result = Result {
                var start = [UInt8](repeating: 0, count: SegmentHeader.size)
                return try body(run.map { try SegmentGlance($0, in: folder, &start) })
            }
            results.withLock { $0[number] = result }
        }
        let found = results.withLock { $0 }
        return try starts.indices.compactMap { try found[$0]?.get() }
    }

    /// How many are read one after another.
    private static let runCount = 512
}
