internal import Operations

extension Segment {
    /// Makes a segment that begins where a journal stands: whole and durable before it has its name, so that
    /// a crash leaves either no segment or a sound one.
    ///
    /// - Returns: The segment and the point it begins at.
    /// - Throws: `JournalError`. With any code but `full` the name may or may not exist: nothing may then be
    ///   appended to the segment before, because the new one says where that ends.
    static func create(
        _ header: SegmentHeader,
        opening: EncodedFrame,
        in directory: JournalDirectory
    ) throws -> (Segment, openingEnd: Int) {
        let name = header.name
        let path = directory.path(of: name)
        let temporary = path + ".tmp"
        var opening = opening
        opening.place(
            FramePlace(
                seed: header.seed,
                firstSequence: header.firstSequence,
                count: 0,
                batch: header.batches,
                durableThrough: SequenceNumber(rawValue: header.firstSequence.rawValue - 1),
                durableBytes: 0
            )
        )
        do {
            let file = try directory.storage.open(temporary, for: .replacing)
            try file.write(header.encoded() + opening.bytes, at: 0)
            try file.sync()
            try directory.storage.rename(temporary, to: path)
        } catch {
            throw JournalError(error, "Segment \(name) cannot be made")
        }
        do {
            try directory.storage.sync(directory: directory.path)
            let file = try directory.storage.open(path, for: .writing)
            let segment = Segment(name: name, header: header, file: file)
            return (segment, SegmentHeader.size + opening.bytes.count)
        } catch {
            throw JournalError(
                .io,
                "Segment \(name) was made, but its name may not last: \(error).",
                cause: error
            )
        }
    }
}

extension OpeningRecord {
    /// The opening frame of a segment.
    func frame(
        resolved: HybridTimestamp,
        compressor: inout FrameCompressor
    ) throws -> EncodedFrame {
        try EncodedFrame(
            kind: .opening,
            record: try encoded(),
            low: resolved,
            high: resolved,
            compressor: &compressor
        )
    }
}
