internal import Operations

/// Where a batch is cut into frames.
///
/// Decided by sizes alone, so that the same batch always makes the same frames, and known before anything
/// is encoded, so that its frames can be encoded side by side.
enum FrameCuts {
    static func ranges(of operations: [StampedOperation], targetBytes: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        var size = 0
        for (index, stamped) in operations.enumerated() {
            size += EntryRecord.headerSize + stamped.operation.byteCount
            if size >= targetBytes {
                ranges.append(start..<(index + 1))
                (start, size) = (index + 1, 0)
            }
        }
        if start < operations.count { ranges.append(start..<operations.count) }
        return ranges
    }
}
