package import Capture
package import Journal
package import Logging

/// A source as the configuration has it: what it is called and how it is reached.
package struct SourcePlan: Sendable {
    package let name: String
    /// The address of its own API; a task may not replicate a source onto itself.
    package let address: String?
    /// The source's side channel and limits.
    package let options: ReaderOptions
    /// How much of the journal is kept; nil for all of it.
    package let retention: RetentionPolicy?
    /// How the journal is written.
    package let journal: JournalOptions
    /// Prepares the connections; nothing is sent before they are used.
    package let connect: @Sendable (Logger) throws -> SourcePeers

    package init(
        name: String,
        address: String?,
        options: ReaderOptions,
        retention: RetentionPolicy? = nil,
        journal: JournalOptions = JournalOptions(),
        connect: @escaping @Sendable (Logger) throws -> SourcePeers
    ) {
        self.name = name
        self.address = address
        self.options = options
        self.retention = retention
        self.journal = journal
        self.connect = connect
    }
}

/// What a reader reads, and how it understands it.
package struct SourcePeers: Sendable {
    package let log: any MessageLog
    package let metadata: any MetadataSource
    package let messageDecoder: any MessageDecoder
    package let metadataDecoder: any MetadataDecoder
    /// Carries the connections until it is cancelled.
    package let carry: @Sendable () async throws -> Void

    package init(
        log: any MessageLog,
        metadata: any MetadataSource,
        messageDecoder: any MessageDecoder,
        metadataDecoder: any MetadataDecoder,
        carry: @escaping @Sendable () async throws -> Void
    ) {
        self.log = log
        self.metadata = metadata
        self.messageDecoder = messageDecoder
        self.metadataDecoder = metadataDecoder
        self.carry = carry
    }
}
