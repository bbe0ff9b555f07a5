package import Operations

/// One undecoded message of a channel.
package struct LogMessage: Sendable {
    package let channel: PhysicalChannel
    package let offset: Int64
    package let value: [UInt8]
    /// The envelope of Milvus 2.6: the headers whose name begins with an underscore.
    ///
    /// Empty before 2.6.
    package let headers: [Header]

    /// A named value beside a message.
    package struct Header: Hashable, Sendable {
        package let name: String
        package let value: [UInt8]

        package init(name: String, value: [UInt8]) {
            self.name = name
            self.value = value
        }
    }

    package init(
        channel: PhysicalChannel,
        offset: Int64,
        value: [UInt8],
        headers: [Header] = []
    ) {
        self.channel = channel
        self.offset = offset
        self.value = value
        self.headers = headers
    }
}

/// The offsets a channel holds: from `first` to just before `end`.
package struct OffsetBounds: Hashable, Sendable {
    package let first: Int64
    package let end: Int64

    package init(first: Int64, end: Int64) {
        self.first = first
        self.end = end
    }
}

/// The source's log: channels of messages, each in offset order.
///
/// One reader uses one log, from one task. Nothing is ever skipped: an offset that the log no longer has
/// is an error, never a jump.
package protocol MessageLog: Sendable {
    /// The offsets that can be read now; nil while the channel does not exist.
    func bounds(of channel: PhysicalChannel) async throws -> OffsetBounds?

    /// Reads a channel from an offset on, now or once it exists. A channel that is already followed moves
    /// to the offset.
    func follow(_ channel: PhysicalChannel, from offset: Int64) async throws

    /// Stops reading a channel; what was fetched of it and not returned is dropped.
    func unfollow(_ channel: PhysicalChannel) async throws

    /// Sets the channels whose messages are held back at the source until further notice; all others
    /// flow. A message of a held channel that was already fetched may still come.
    func hold(_ channels: Set<PhysicalChannel>) async throws

    /// The messages that came, oldest first for each channel. Waits for at least one, at most `wait`;
    /// then empty.
    ///
    /// - Throws: `LogFailure`.
    func next(wait: Duration) async throws -> [LogMessage]

    /// Ends reading; safe to call twice.
    func close() async
}

/// Why a log cannot go on.
package struct LogFailure: Error, Sendable, CustomStringConvertible {
    /// What kind of trouble it is.
    package enum Code: Hashable, Sendable {
        /// The offset is before the first one that is kept, or after the end.
        case offsetOutOfRange(PhysicalChannel, offset: Int64, bounds: OffsetBounds?)
        /// The log's servers cannot be reached, or answer with an error that passes.
        case unavailable
        /// Bytes that fail their checksum or cannot be decoded.
        case corrupt
        /// The log's servers refuse: authentication, authorization.
        case refused
    }

    package let code: Code
    /// One sentence for the operator.
    package let message: String

    package init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// Whether the same call may succeed later without anybody's help.
    package var isTransient: Bool { code == .unavailable }

    package var description: String { message }
}
