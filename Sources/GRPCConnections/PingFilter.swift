internal import NIOCore
internal import NIOHTTP2

/// Answers the server's PINGs below HTTP/2, so that HTTP/2 does not count them.
///
/// Why: swift-nio-http2 closes a connection that gets more than 200 PINGs in 30 seconds, taking them for an
/// attack. Servers in Go send one with about every answer to measure the bandwidth, so a busy client passes
/// that in a second; calls then fail with "Stream unexpectedly closed" although the server carried them out.
/// The limit cannot be set through the gRPC transport.
///
/// What remains: a server that sends more than `pingsMaxPerSecond` is left to HTTP/2, which closes the
/// connection after all.
final class PingFilter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Far more than one for each answer of a busy server on the same machine (some 2,000).
    static let pingsMaxPerSecond = 10_000

    private var scanner = PingScanner()
    private var second = NIODeadline.uptimeNanoseconds(0)
    private var pings = 0

    /// Puts a filter in front of the HTTP/2 handler of a new connection.
    static func install(on channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            let http2 = try pipeline.handler(type: NIOHTTP2Handler.self)
            try pipeline.addHandler(PingFilter(), position: .before(http2))
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        for piece in scanner.consume(unwrapInboundIn(data)) {
            switch piece {
            case .other(let bytes):
                context.fireChannelRead(wrapInboundOut(bytes))
            case .ping(let payload):
                if mayAnswer(at: .now()) {
                    let answer = PingFilter.ping(payload, flags: 1)
                    context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
                } else {
                    context.fireChannelRead(wrapInboundOut(PingFilter.ping(payload, flags: 0)))
                }
            }
        }
    }

    private func mayAnswer(at now: NIODeadline) -> Bool {
        if now - second >= .seconds(1) {
            second = now
            pings = 0
        }
        pings += 1
        return pings <= PingFilter.pingsMaxPerSecond
    }

    /// A PING frame; see `PingScanner` for the layout.
    static func ping(_ payload: UInt64, flags: UInt8) -> ByteBuffer {
        var frame = ByteBuffer()
        frame.writeInteger(UInt32(8) << 8 | 6)
        frame.writeInteger(flags)
        frame.writeInteger(UInt32(0))
        frame.writeInteger(payload)
        return frame
    }
}
