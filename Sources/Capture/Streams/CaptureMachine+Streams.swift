internal import Operations

// Messages that order themselves.
extension CaptureMachine {
    /// Takes a message in.
    mutating func receive(_ streamed: StreamedMessage, _ message: LogMessage) {
        switch streamed.content {
        case .unreadable(let code, let reason):
            end(message, code, reason)
        case .encrypted(let id):
            let name = model.known.name(of: id).map { "\($0) (id \(id))" } ?? "with the id \(id)"
            end(message, .refused, "the rows of the collection \(name) are encrypted")
        default:
            let events = channels.receive(
                streamed,
                on: message.channel,
                offset: message.offset,
                after: resolved
            )
            for event in events { take(event, message.channel) }
        }
    }

    /// Notes that a channel ends here for us.
    ///
    /// What stands before it still leaves.
    private mutating func end(_ message: LogMessage, _ code: LogFailure.Code, _ reason: String) {
        ends[message.channel] = LogFailure(
            code: code,
            message: """
                The log of \(message.channel) cannot be read beyond offset \(message.offset): \(reason).
                """
        )
    }

    /// Why reading cannot go on once everything before it has left; nil while it can.
    var end: LogFailure? { ends.min { $0.key < $1.key }?.value }

    private mutating func take(_ event: StreamBuffer.Event, _ channel: PhysicalChannel) {
        switch event.kind {
        case .headless(let name): noteHeadless(name, event, channel)
        case .content(.insert(let rows)): hold(.insert(rows), event, channel)
        case .content(.delete(let keys)): hold(.delete(keys), event, channel)
        case .content(.operation(let operation)): hold(operation, event, channel)
        case .content(.flushAll):
            hold(.flush(FlushDefinition(collections: [])), event, channel)
        case .content(.truncated(let id, let shard, let broadcast)):
            guard event.timestamp > resolved else { return }
            truncations.note(id, shard: shard, broadcast, at: event.timestamp)
        case .content(.announced(let id, let partition, let isThere)):
            announce(id, partition, isThere: isThere, event)
        case .content(.collectionDropped(let id)):
            channels.finish(id, on: channel)
            announce(id, nil, isThere: false, event)
        case .content(.timeTick), .content(.begin), .content(.commit), .content(.rollback),
            .content(.encrypted), .content(.unreadable), .content(.ignored):
            break
        }
    }

    private mutating func announce(
        _ collection: CollectionID,
        _ partition: PartitionID?,
        isThere: Bool,
        _ event: StreamBuffer.Event
    ) {
        guard event.timestamp > resolved else { return }
        announcements.note(
            Announcements.Subject(collection: collection, partition: partition),
            isThere: isThere,
            at: event.timestamp
        )
    }

    private mutating func hold(
        _ operation: Operation,
        _ event: StreamBuffer.Event,
        _ channel: PhysicalChannel
    ) {
        guard event.timestamp > resolved else {
            discarded.alreadyJournalled += operation.rowCount
            return
        }
        channels.hold(
            passed: HeldMessage(
                timestamp: event.timestamp,
                // Ids are not unique here, and the source itself takes what was written twice twice.
                messageID: 0,
                offset: event.offset,
                operation: operation
            ),
            on: channel
        )
    }

    /// A transaction ended whose beginning stands before everything that was read.
    ///
    /// A position of ours stands before all transactions that are open, so there it is one that was given up
    /// before. Where reading began somewhere else, its rows are lost.
    private mutating func noteHeadless(
        _ name: TransactionName,
        _ event: StreamBuffer.Event,
        _ channel: PhysicalChannel
    ) {
        guard event.timestamp > resolved, startPosition.offsets[channel] == nil,
            let collection = model.known.collections.values.first(where: {
                $0.definition.virtualChannels.contains { $0.name == name.channel }
            })?.definition
        else { return }
        let gap = Gap(
            collection: collection.id,
            shard: collection.virtualChannels.firstIndex { $0.name == name.channel },
            from: event.timestamp,
            through: event.timestamp,
            reason: """
                the log of \(channel) has the end of the transaction \(name.id) of \(collection.name), at \
                offset \(event.offset), and no longer its beginning; a baseline of the collection closes \
                the gap
                """
        )
        hold(.gap(gap), event, channel)
    }
}

// Silent channels.
extension CaptureMachine {
    /// What the metadata says of a channel: complete up to here.
    struct Claim: Equatable {
        let channel: PhysicalChannel
        let through: HybridTimestamp
    }

    /// What is said of channels that are read, beyond what they say themselves, and was not settled yet.
    var claims: [Claim] {
        channels.followed.compactMap { channel in
            guard let through = model.completeness(of: channel),
                through > channels.frontier(of: channel) ?? .max,
                through > claimed[channel] ?? .zero
            else { return nil }
            return Claim(channel: channel, through: through)
        }
    }

    /// Whether the channel that holds the others back is one that may write no ticks.
    var isWaitingForSilence: Bool { slowest.map { model.completeness(of: $0) != nil } ?? false }

    /// Takes a claim as true once the channel is read up to what it held when the claim was known.
    mutating func settle(_ claim: Claim, end: Int64) {
        claimed[claim.channel] = claim.through
        channels.claim(claim.channel, through: claim.through, end: end)
        settle(claim.channel)
    }

    /// Carries out what is claimed of a channel, if it is read as far.
    mutating func settle(_ channel: PhysicalChannel) {
        for event in channels.settle(channel, after: resolved) { take(event, channel) }
    }
}

// What there is to tell.
extension CaptureMachine {
    /// The newest timestamp, at most the given one, that cuts no truncation in two and is not ahead of a
    /// definition that the log announced.
    func bounded(_ timestamp: HybridTimestamp) -> HybridTimestamp {
        var limit = timestamp
        if channels.heldBytes <= Announcements.heldBytesMax {
            limit = announcements.limit(limit, known: model.known)
        }
        return truncations.limit(limit) { shardCount(of: $0) }
    }

    /// How many shards a collection has; nil once it is gone.
    func shardCount(of id: CollectionID) -> Int? {
        model.known.collections[id]?.definition.virtualChannels.count
    }

    /// The transactions that have begun and not ended.
    var openTransactions: (count: Int, bytes: Int) { channels.openTransactions }

    /// What left no trace so far.
    var discardedNow: DiscardCounts {
        var counts = discarded
        let (violations, transactions) = channels.discarded
        counts.belowTicks += violations
        counts.endedTransactions += transactions
        return counts
    }
}

/// What decides about operations of the log besides their own content.
struct Surroundings {
    /// The names behind the numbers that a release gives channels.
    let channels: [PhysicalChannel]
    let truncations: [TruncationQueue.Truncation]

    /// An operation that the log tells whole, if what it concerns is there.
    func completed(_ item: RowRelease.Item, in definitions: Definitions) -> Operation? {
        switch item.operation {
        case .flush(let flush):
            var ids = flush.collections.filter { definitions.collections[$0] != nil }
            if flush.collections.isEmpty, channels.indices.contains(item.channel) {
                ids = definitions.collections.values.map(\.definition)
                    .filter { $0.virtualChannels.first?.physical == channels[item.channel] }
                    .map(\.id).sorted()
            }
            return ids.isEmpty ? nil : .flush(FlushDefinition(collections: ids))
        case .gap(let gap):
            guard let id = gap.collection, definitions.collections[id] == nil else {
                return item.operation
            }
            return nil
        default:
            guard let id = item.operation.collection, definitions.collections[id] == nil else {
                return item.operation
            }
            return nil
        }
    }
}

extension HeldMessage {
    /// A truncation as one operation.
    init(_ truncation: TruncationQueue.Truncation) {
        self.init(
            timestamp: truncation.first,
            messageID: 0,
            offset: 0,
            operation: .truncateCollection(truncation.collection)
        )
    }
}
