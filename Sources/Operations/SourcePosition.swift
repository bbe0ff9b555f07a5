/// Where in the source a journal stands: reading on from here loses nothing and doubles nothing.
package struct SourcePosition: Hashable, Sendable, Codable {
    /// Every operation up to here is in the journal.
    package var resolved: HybridTimestamp
    /// The metadata revision up to which every change is in the journal.
    package var metadata: MetadataRevision
    /// For each channel that is followed, the offset to read next.
    package var offsets: [PhysicalChannel: Int64]

    /// The position of a journal that has read nothing.
    package static let start = SourcePosition(resolved: .zero, metadata: .zero, offsets: [:])

    package init(
        resolved: HybridTimestamp,
        metadata: MetadataRevision,
        offsets: [PhysicalChannel: Int64]
    ) {
        self.resolved = resolved
        self.metadata = metadata
        self.offsets = offsets
    }
}

extension SourcePosition {
    /// Appends the stored form.
    ///
    /// `u64` resolved, `i64` metadata revision, `u32` channels, then for each in name order its name (`u32`
    /// length, UTF-8) and `i64` offset. All little-endian.
    package func encode(into bytes: inout ByteWriter) {
        bytes.write(resolved.rawValue)
        bytes.write(metadata.rawValue)
        bytes.write(UInt32(offsets.count))
        for (channel, offset) in offsets.sorted(by: { $0.key < $1.key }) {
            bytes.write(text: channel.name)
            bytes.write(offset)
        }
    }

    /// Reads what `encode(into:)` wrote.
    package init(from bytes: inout ByteReader) throws(CodingFailure) {
        resolved = HybridTimestamp(rawValue: try bytes.read(UInt64.self))
        metadata = MetadataRevision(rawValue: try bytes.read(Int64.self))
        offsets = [:]
        for _ in 0..<(try bytes.read(UInt32.self)) {
            let channel = PhysicalChannel(try bytes.readText())
            offsets[channel] = try bytes.read(Int64.self)
        }
    }
}
