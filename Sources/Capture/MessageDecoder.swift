package import Operations

/// What a message of the log says.
package enum DecodedMessage: Sendable {
    /// Nothing at or below this timestamp follows on the channel.
    case timeTick(HybridTimestamp)
    case insert(Rows, MessageStamp)
    case delete(DeletedKeys, MessageStamp)
    /// The last message of a collection on the channel.
    case collectionDropped(CollectionID, HybridTimestamp)
    /// A flush that a client asked for; names as the client gave them.
    case flush(database: String, collections: [String], HybridTimestamp)
    /// Known, and told by the metadata instead; the message's type.
    case ignored(String)
    /// A message of a log that orders itself.
    case streamed(StreamedMessage)
}

/// When a row message was made, and which one it is.
package struct MessageStamp: Hashable, Sendable {
    package let timestamp: HybridTimestamp
    /// Unique for each message of a source, but that a producer's retry repeats it.
    ///
    /// Zero if the source gave none.
    package let messageID: Int64

    package init(timestamp: HybridTimestamp, messageID: Int64) {
        self.timestamp = timestamp
        self.messageID = messageID
    }
}

/// Reads the source's messages.
package protocol MessageDecoder: Sendable {
    /// - Throws: `LogFailure` with code `corrupt` and a sentence that names channel and offset.
    func decode(_ message: LogMessage) throws -> DecodedMessage
}
