/// Bytes put together from slices of others and copied once, at the end: see `RopeSerializer`.
///
/// A protobuf length stands before what it counts, so a message is built from the inside out; a rope makes
/// that free of copies.
struct ByteRope: Sendable {
    private(set) var pieces: [ArraySlice<UInt8>] = []
    private(set) var count = 0

    init() {}

    init(_ piece: ArraySlice<UInt8>) { append(piece) }

    init(_ piece: [UInt8]) { append(piece[...]) }

    mutating func append(_ piece: ArraySlice<UInt8>) {
        guard piece.isEmpty == false else { return }
        pieces.append(piece)
        count += piece.count
    }

    mutating func append(_ other: ByteRope) {
        pieces += other.pieces
        count += other.count
    }

    /// These bytes as the content of a record with a tag of one byte, of wire type 2.
    func record(tag: UInt8) -> ByteRope {
        var head = [tag]
        head.appendVarint(UInt64(count))
        var record = ByteRope(head)
        record.append(self)
        return record
    }
}
