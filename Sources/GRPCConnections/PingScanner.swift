internal import NIOCore

/// Walks the HTTP/2 frames of a byte stream and takes the PINGs out of it.
///
/// Frames are cut from the stream by their 9-byte heads (RFC 9113, section 4.1):
///
///     length  u24   of the payload, big-endian
///     type    u8    6 is PING, whose payload is 8 bytes
///     flags   u8    bit 0 of a PING: this is the answer to one
///     stream  u32
///
/// Everything else passes through unread and, except around a head that was cut in two, uncopied.
struct PingScanner {
    /// A run of the stream, in order.
    enum Piece: Equatable {
        case other(ByteBuffer)
        /// A PING that wants an answer; its payload, to be sent back as it is.
        case ping(payload: UInt64)
    }

    private static let headSize = 9
    private static let pingSize = headSize + 8

    /// How much of the current frame's payload is still to come.
    private var payloadLeft = 0
    /// The beginning of a frame that is too short to tell what it is; less than a PING.
    private var head = ByteBuffer()

    /// The pieces of the next bytes of the stream.
    mutating func consume(_ bytes: ByteBuffer) -> [Piece] {
        var input = bytes
        var pieces: [Piece] = []
        while head.readableBytes > 0, input.readableBytes > 0 {
            var joined = head
            let missing = PingScanner.pingSize - joined.readableBytes
            if var part = input.readSlice(length: min(missing, input.readableBytes)) {
                joined.writeBuffer(&part)
            }
            head.clear()
            walk(joined, into: &pieces)
        }
        walk(input, into: &pieces)
        return pieces
    }

    private mutating func walk(_ bytes: ByteBuffer, into pieces: inout [Piece]) {
        var rest = bytes
        var passed = bytes
        var passedLength = 0
        while rest.readableBytes > 0 {
            if payloadLeft > 0 {
                let length = min(payloadLeft, rest.readableBytes)
                rest.moveReaderIndex(forwardBy: length)
                payloadLeft -= length
                passedLength += length
                continue
            }
            guard let frame = FrameHead(of: rest) else {
                head = rest
                break
            }
            guard frame.isPing else {
                rest.moveReaderIndex(forwardBy: PingScanner.headSize)
                passedLength += PingScanner.headSize
                payloadLeft = frame.payloadLength
                continue
            }
            guard
                let payload = rest.getInteger(
                    at: rest.readerIndex + PingScanner.headSize,
                    as: UInt64.self
                )
            else {
                head = rest
                break
            }
            rest.moveReaderIndex(forwardBy: PingScanner.pingSize)
            if passedLength > 0, let other = passed.readSlice(length: passedLength) {
                pieces.append(.other(other))
            }
            pieces.append(.ping(payload: payload))
            passed = rest
            passedLength = 0
        }
        if passedLength > 0, let other = passed.readSlice(length: passedLength) {
            pieces.append(.other(other))
        }
    }
}

/// The head of an HTTP/2 frame, as far as it matters here.
private struct FrameHead {
    let payloadLength: Int
    /// Whether it is a well-formed PING that wants an answer; a malformed one is left to HTTP/2 proper.
    let isPing: Bool

    /// Reads the head at the front of `bytes`; nil if it is not there as a whole.
    init?(of bytes: ByteBuffer) {
        guard bytes.readableBytes >= 9,
            let lengthAndType = bytes.getInteger(at: bytes.readerIndex, as: UInt32.self),
            let flags = bytes.getInteger(at: bytes.readerIndex + 4, as: UInt8.self)
        else { return nil }
        payloadLength = Int(lengthAndType >> 8)
        isPing = lengthAndType & 0xff == 6 && flags & 1 == 0 && payloadLength == 8
    }
}
