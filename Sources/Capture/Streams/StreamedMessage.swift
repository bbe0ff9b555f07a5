package import Operations

/// A message of a log that orders itself by a clock of its own (Milvus 2.6).
///
/// Each message has a timestamp, which is its true place; its place in the log is not. Ticks stand only where
/// something was written since the last one. Several messages may be one transaction, which counts as a whole
/// from the timestamp of its end.
package struct StreamedMessage: Sendable {
    package let timestamp: HybridTimestamp
    /// Every message above `timestamp`, and every transaction that ends above it, begins at this offset or
    /// behind it.
    package let lastConfirmed: Int64
    /// The transaction it belongs to; nil if it stands for itself.
    package let transaction: TransactionName?
    package let content: Content

    package init(
        timestamp: HybridTimestamp,
        lastConfirmed: Int64,
        transaction: TransactionName? = nil,
        content: Content
    ) {
        self.timestamp = timestamp
        self.lastConfirmed = lastConfirmed
        self.transaction = transaction
        self.content = content
    }

    /// What the message says.
    package enum Content: Sendable {
        /// Nothing at or below the message's timestamp follows on the channel.
        case timeTick
        case insert(Rows)
        case delete(DeletedKeys)
        /// A transaction begins; it ends by itself once nothing came for so many milliseconds of the source's
        /// clock. Nil: never.
        case begin(keepaliveMilliseconds: Int64?)
        case commit
        case rollback
        /// The last message of a collection on the channel.
        case collectionDropped(CollectionID)
        /// A collection (no partition) or a partition is about to be defined, or dropped; the metadata has it, or
        /// will have it soon.
        case announced(CollectionID, PartitionID?, isThere: Bool)
        /// Rows of one shard are gone, all of its collection once every shard said so.
        case truncated(CollectionID, shard: Int, Broadcast)
        /// Whole as it is: a flush or a gap.
        case operation(Operation)
        /// A flush of every collection whose first shard is on the channel.
        case flushAll
        /// Rows or keys that the source encrypted.
        case encrypted(CollectionID)
        /// The log cannot be read beyond this message; the code, and the end of a sentence.
        case unreadable(LogFailure.Code, String)
        /// Known, and told by the metadata instead; the message's type.
        case ignored(String)
    }
}

/// Names a transaction: ids are unique for one virtual channel.
package struct TransactionName: Hashable, Sendable {
    package let channel: String
    package let id: Int64

    package init(channel: String, id: Int64) {
        self.channel = channel
        self.id = id
    }
}

/// Names a message that the source wrote to several channels: all copies have the same.
package struct Broadcast: Hashable, Sendable {
    package let id: UInt64

    package init(id: UInt64) { self.id = id }
}

extension StreamedMessage.Content {
    /// Roughly how many bytes it holds in memory.
    var byteCount: Int {
        switch self {
        case .insert(let rows): rows.columns.count + 64
        case .delete(let keys): keys.keys.count + 64
        default: 64
        }
    }
}
