/// A segment that takes no further batch and has no footer yet.
struct FullSegment: Sendable {
    let segment: Segment
    /// Where its last commit ends and the footer begins.
    let committedBytes: Int
    /// Nil if it has to be made again from the frames.
    var index: SegmentIndex?

    /// Ends the segment with its footer.
    ///
    /// - Throws: `StorageFailure`, or what a walk or encoding throws.
    func seal(_ compressor: inout FrameCompressor) throws {
        let index =
            try self.index
            ?? SegmentIndex(
                walking: segment,
                committedBytes: committedBytes,
                decoder: FrameDecoder()
            )
        try index.seal(segment, committedBytes: committedBytes, compressor: &compressor)
    }
}

extension [FullSegment] {
    /// Ends the segments, the oldest first, and drops those that are ended.
    ///
    /// A footer is never written while one before it is missing, so that an opening finds those without one behind
    /// one another.
    /// - Throws: As `FullSegment.seal`; what is left is as good as before.
    mutating func seal(_ compressor: inout FrameCompressor) throws {
        while let first {
            try first.seal(&compressor)
            removeFirst()
        }
    }
}
