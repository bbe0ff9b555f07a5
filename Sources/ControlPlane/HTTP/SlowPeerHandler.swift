internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Ends what would hold a connection for ever: a request that drips in, an answer that nobody takes.
///
/// The idle timeout of the HTTP stack is measured between parts, so that one byte of a body now and then keeps a
/// connection alive, and it does not look at answers at all. Here a request has a deadline as a whole, an answer
/// has one for each time it is stuck, and a connection whose answer says `close` is closed.
final class SlowPeerHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long a caller that was told of the end may still send, so that it reads the answer.
    private static let lingering = TimeAmount.seconds(2)

    private let requestWithin: TimeAmount
    private let answerTakenWithin: TimeAmount
    private var arrival: Scheduled<Void>?
    private var stuck: Scheduled<Void>?
    /// Requests whose answers have not ended.
    private var open = 0
    /// Whether the answer under way has begun.
    private var hasBegun = false
    private var closesAfterAnswer = false

    init(_ options: InterfaceOptions) {
        requestWithin = TimeAmount(options.requestWithin)
        answerTakenWithin = TimeAmount(options.answerTakenWithin)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            open += 1
            arrival?.cancel()
            arrival = context.eventLoop.assumeIsolated().scheduleTask(in: requestWithin) {
                self.requestIsLate(context)
            }
        case .body: break
        case .end:
            arrival?.cancel()
            arrival = nil
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            // What announces another answer is none.
            if head.status.kind != .informational {
                hasBegun = true
                closesAfterAnswer = closesAfterAnswer || head.headerFields[.connection] == "close"
            }
            context.write(data, promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            hasBegun = false
            open -= 1
            context.write(data, promise: promise)
            guard closesAfterAnswer else { return }
            closesAfterAnswer = false
            context.flush()
            finish(context)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stuck?.cancel()
        stuck = nil
        if !context.channel.isWritable {
            stuck = context.eventLoop.assumeIsolated().scheduleTask(in: answerTakenWithin) {
                context.close(promise: nil)
            }
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        forget()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { forget() }

    private func forget() {
        arrival?.cancel()
        stuck?.cancel()
        (arrival, stuck) = (nil, nil)
    }

    private func requestIsLate(_ context: ChannelHandlerContext) {
        arrival = nil
        // With an answer under way, or another one owed first, words of ours would be taken for a part of it.
        guard open == 1, !hasBegun else { return context.close(promise: nil) }
        let problem = Problem(.timeout, "The request did not arrive in time.")
        let body = problem.bytes
        let head = HTTPResponse(
            status: .requestTimeout,
            headerFields: [
                .contentType: Problem.mediaType, .contentLength: "\(body.count)",
                .connection: "close", .cacheControl: "no-store",
            ]
        )
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        finish(context)
    }

    /// Says that nothing more comes, and closes a little later: closing at once, with bytes unread, would take
    /// the answer away from who has not read it yet.
    private func finish(_ context: ChannelHandlerContext) {
        context.close(mode: .output, promise: nil)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.lingering) {
            context.close(promise: nil)
        }
    }
}
