internal import GRPCCore

/// Sends a message that is serialized already: its pieces are copied once, into the memory that is sent.
struct RopeSerializer: MessageSerializer {
    func serialize<Bytes: GRPCContiguousBytes>(_ message: ByteRope) -> Bytes {
        var bytes = Bytes(repeating: 0, count: message.count)
        unsafe bytes.withUnsafeMutableBytes { memory in
            var place = 0
            for piece in message.pieces {
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[place...])
                unsafe rest.copyBytes(from: piece)
                place += piece.count
            }
        }
        return bytes
    }
}
