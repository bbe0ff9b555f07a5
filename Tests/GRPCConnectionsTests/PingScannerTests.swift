import NIOCore
import Testing

@testable import GRPCConnections

@Suite struct PingScannerTests {
    private static let frames: [ByteBuffer] = [
        frame(type: 4, flags: 0, length: 0),
        PingFilter.ping(0x0102_0304_0506_0708, flags: 0),
        frame(type: 0, flags: 0, length: 300),
        PingFilter.ping(1, flags: 1),
        frame(type: 6, flags: 0, length: 7),
        frame(type: 4, flags: 1, length: 0),
        PingFilter.ping(2, flags: 0),
        PingFilter.ping(3, flags: 0),
        frame(type: 1, flags: 4, length: 20),
    ]

    private static func frame(type: UInt8, flags: UInt8, length: Int) -> ByteBuffer {
        var frame = ByteBuffer()
        frame.writeInteger(UInt32(length) << 8 | UInt32(type))
        frame.writeInteger(flags)
        frame.writeInteger(UInt32(1))
        // PING frames inside a payload are payload.
        frame.writeBytes((0..<length).map { PingScannerTests.decoy[$0 % 17] })
        return frame
    }

    private static let decoy = Array(PingFilter.ping(99, flags: 0).readableBytesView)

    @Test(arguments: [1, 2, 3, 5, 8, 9, 10, 16, 17, 18, 26, 100, 1000])
    func `only the pings are taken out, however the stream is cut`(cut: Int) {
        var stream = ByteBuffer()
        for frame in PingScannerTests.frames { stream.writeImmutableBuffer(frame) }
        var rest = ByteBuffer()
        for index in [0, 2, 3, 4, 5, 8] {
            rest.writeImmutableBuffer(PingScannerTests.frames[index])
        }

        var scanner = PingScanner()
        var passed = ByteBuffer()
        var pings: [UInt64] = []
        while let bytes = stream.readSlice(length: min(cut, stream.readableBytes)),
            bytes.readableBytes > 0
        {
            for piece in scanner.consume(bytes) {
                switch piece {
                case .other(let bytes): passed.writeImmutableBuffer(bytes)
                case .ping(let payload): pings.append(payload)
                }
            }
        }
        #expect(pings == [0x0102_0304_0506_0708, 2, 3])
        #expect(passed == rest)
    }

    @Test func `the order of pings and other frames is kept`() {
        var scanner = PingScanner()
        var stream = PingScannerTests.frames[0]
        stream.writeImmutableBuffer(PingScannerTests.frames[1])
        stream.writeImmutableBuffer(PingScannerTests.frames[2])
        let pieces = scanner.consume(stream)
        #expect(
            pieces == [
                .other(PingScannerTests.frames[0]), .ping(payload: 0x0102_0304_0506_0708),
                .other(PingScannerTests.frames[2]),
            ]
        )
    }

    @Test func `a buffer without pings passes whole`() {
        var scanner = PingScanner()
        let data = PingScannerTests.frames[2]
        let pieces = scanner.consume(data)
        #expect(pieces == [.other(data)])
    }
}
