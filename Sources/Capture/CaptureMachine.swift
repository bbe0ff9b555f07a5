internal import Operations

/// The time-tick merge: messages and metadata changes go in, batches in timestamp order come out.
///
/// A pure value; the `Reader` performs what it asks for. A timestamp is resolved once every needed channel
/// has ticked past it and the metadata is known up to it. What is at or below it then leaves as one batch,
/// with the position from which reading goes on, so that nothing is lost or doubled by a restart.
struct CaptureMachine {
    private let messageDecoder: any MessageDecoder
    var model: MetadataModel
    var channels = ChannelSet()
    private var definitions: DefinitionQueue
    private var flushes: FlushQueue
    var truncations = TruncationQueue()
    var announcements = Announcements()
    /// What is defined at `resolved`: the fold of everything that left.
    private var released: Definitions
    /// Everything up to here has left.
    private(set) var resolved: HybridTimestamp
    let startPosition: SourcePosition
    /// Where a channel cannot be read any further, and why.
    var ends: [PhysicalChannel: LogFailure] = [:]
    /// What was claimed last of how far a silent channel is complete.
    var claimed: [PhysicalChannel: HybridTimestamp] = [:]

    /// Rows that left no trace, because their collection or partition was gone, they came twice, or a gap
    /// covers them.
    var discarded = DiscardCounts()

    init(
        messageDecoder: any MessageDecoder,
        metadataDecoder: any MetadataDecoder,
        position: SourcePosition,
        known: Definitions,
        sideChannel: PhysicalChannel?
    ) {
        self.messageDecoder = messageDecoder
        model = MetadataModel(decoder: metadataDecoder, known: known)
        definitions = DefinitionQueue(through: position.metadata)
        flushes = FlushQueue(
            channel: sideChannel,
            next: sideChannel.flatMap { position.offsets[$0] } ?? 0
        )
        released = known
        resolved = position.resolved
        startPosition = position
    }
}

// MARK: - Metadata

extension CaptureMachine {
    /// Begins where a journal ends: nothing of the snapshot is news.
    ///
    /// - Returns: Where to begin reading each channel.
    mutating func resume(at snapshot: MetadataSnapshot) throws -> [ChannelSet.Start] {
        try model.restore(snapshot)
        let collections = model.collections.filter { $0.state == .created || $0.state == .creating }
        return collections.flatMap { follow($0) }
    }

    /// Begins with whatever of the snapshot is news: at the first start, and where the metadata's history
    /// is no longer kept.
    ///
    /// - Parameters:
    ///   - snapshot: The whole metadata.
    ///   - plan: Where to begin with each collection that is new.
    /// - Returns: Where to begin reading each channel.
    /// - Throws: `MetadataFailure` if a record cannot be decoded.
    mutating func begin(
        at snapshot: MetadataSnapshot,
        plan: StartPlan
    ) throws -> [ChannelSet.Start] {
        var derived = try model.reconcile(snapshot)
        derived += plan.gaps.map { DerivedOperation(timestamp: $0.from, operation: .gap($0)) }
        var starts: [ChannelSet.Start] = []
        for (_, collection) in released.collections.sorted(by: { $0.key < $1.key }) {
            starts += follow(collection.definition)
        }
        for record in model.collections where record.state == .created || record.state == .creating
        {
            starts += follow(record, offsets: plan.offsets)
        }
        definitions.reconcile(derived, revision: snapshot.revision, after: resolved)
        noteDrops(derived, at: resolved.successor)
        return starts
    }

    /// Takes in what changed.
    ///
    /// - Returns: Channels that have to be read from now on.
    mutating func learn(_ delivery: MetadataDelivery) throws -> [ChannelSet.Start] {
        var starts: [ChannelSet.Start] = []
        for change in delivery.changes {
            let derived = try model.apply(change).map { derivation in
                var derivation = derivation
                if derivation.timestamp == nil {
                    derivation.timestamp = announcements.time(of: derivation.operation)
                }
                return derivation
            }
            for record in model.touchedCollections where model.isPresent(record.id) {
                starts += follow(record)
            }
            definitions.add(derived, revision: change.revision, after: resolved)
            noteDrops(derived, at: definitions.newestTimestamp)
            for id in model.touchedIDs where !model.isPresent(id) { channels.forget(id) }
        }
        definitions.advance(to: delivery.through)
        return starts
    }

    private mutating func noteDrops(_ derived: [DerivedOperation], at timestamp: HybridTimestamp) {
        for case .dropCollection(let id) in derived.map(\.operation) {
            channels.drop(id, at: timestamp)
        }
    }

    private mutating func follow(
        _ record: CollectionRecord,
        offsets: [PhysicalChannel: Int64] = [:]
    ) -> [ChannelSet.Start] {
        // A position's offset holds only until the channel was left.
        let isAtStart = resolved == startPosition.resolved
        return record.virtualChannels.map(\.physical).compactMap { channel in
            if let offset = isAtStart ? startPosition.offsets[channel] ?? offsets[channel] : nil {
                return channels.use(channel, by: record.id, from: offset, complete: resolved)
            }
            return channels.use(
                channel,
                by: record.id,
                from: record.startOffsets[channel] ?? 0,
                complete: max(resolved, record.createdAt.predecessor)
            )
        }
    }

    private mutating func follow(_ definition: CollectionDefinition) -> [ChannelSet.Start] {
        definition.virtualChannels.map(\.physical).compactMap { channel in
            startPosition.offsets[channel].flatMap { offset in
                channels.use(channel, by: definition.id, from: offset, complete: resolved)
            }
        }
    }
}

// MARK: - Messages

extension CaptureMachine {
    /// Takes a message in.
    mutating func receive(_ message: LogMessage) throws {
        if message.channel == flushes.channel {
            try receiveFlush(message)
            return
        }
        let channel = message.channel
        guard channels.contains(channel), ends[channel] == nil else { return }
        defer { if claimed[channel] != nil { settle(channel) } }
        switch try messageDecoder.decode(message) {
        case .timeTick(let timestamp):
            channels.tick(timestamp, on: channel, offset: message.offset)
        case .insert(let rows, let stamp):
            hold(.insert(rows), stamp, message)
        case .delete(let keys, let stamp):
            hold(.delete(keys), stamp, message)
        case .collectionDropped(let id, _):
            channels.finish(id, on: channel, offset: message.offset)
        case .flush, .ignored:
            channels.skip(offset: message.offset, on: channel)
        case .streamed(let streamed):
            receive(streamed, message)
        }
    }

    private mutating func hold(
        _ operation: Operation,
        _ stamp: MessageStamp,
        _ message: LogMessage
    ) {
        guard stamp.timestamp > resolved else {
            discarded.alreadyJournalled += operation.rowCount
            channels.skip(offset: message.offset, on: message.channel)
            return
        }
        channels.hold(
            HeldMessage(
                timestamp: stamp.timestamp,
                messageID: stamp.messageID,
                offset: message.offset,
                operation: operation
            ),
            on: message.channel
        )
    }

    private mutating func receiveFlush(_ message: LogMessage) throws {
        guard
            case .flush(let database, let collections, let timestamp) =
                try messageDecoder.decode(message)
        else {
            flushes.skip(offset: message.offset)
            return
        }
        flushes.add(
            FlushQueue.Pending(
                timestamp: timestamp,
                offset: message.offset,
                database: database,
                collections: collections
            ),
            after: resolved
        )
    }
}

// MARK: - Resolving

extension CaptureMachine {
    /// The timestamp that could be resolved now, metadata permitting; nil if nothing newer can.
    var candidate: HybridTimestamp? {
        let timestamp =
            channels.complete?.timestamp
            ?? max(model.clock ?? .zero, definitions.newestTimestamp, flushes.newestTimestamp)
        let bounded = bounded(timestamp)
        return bounded > resolved ? bounded : nil
    }

    /// Resolves a timestamp: everything at or below it leaves.
    ///
    /// - Returns: The batch, and the channels that need not be read any more.
    mutating func resolve(
        through timestamp: HybridTimestamp
    ) -> (batch: Batch, left: [PhysicalChannel]) {
        precondition(timestamp > resolved, "time goes forward")
        let names = channels.followed
        let (messages, left) = channels.release(through: timestamp)
        let truncations = self.truncations.release(through: timestamp)
        var rows = RowRelease()
        rows.add(truncations.map { HeldMessage($0) }, channel: -1)
        for (index, channel) in messages.enumerated() { rows.add(channel, channel: index) }
        discarded.duplicates += rows.duplicateCount
        let operations = merge(
            definitions.release(through: timestamp),
            flushes.release(through: timestamp),
            rows.ordered(),
            Surroundings(channels: names, truncations: truncations)
        )
        resolved = timestamp
        announcements.forget(through: timestamp)
        for channel in left { ends[channel] = nil }
        return (Batch(operations: operations, position: position), left)
    }

    /// Where the source stands now.
    private var position: SourcePosition {
        var offsets = channels.resumeOffsets
        if let side = flushes.channel { offsets[side] = flushes.resumeOffset }
        return SourcePosition(resolved: resolved, metadata: definitions.position, offsets: offsets)
    }

    private mutating func merge(
        _ definitions: [StampedOperation],
        _ flushes: [FlushQueue.Pending],
        _ rows: [RowRelease.Item],
        _ surroundings: Surroundings
    ) -> [StampedOperation] {
        var operations: [StampedOperation] = []
        operations.reserveCapacity(definitions.count + rows.count)
        var definitions = definitions[...]
        var flushes = flushes[...]
        func isDue(_ place: (HybridTimestamp, Int)?, before other: (HybridTimestamp, Int)?) -> Bool
        {
            guard let place else { return false }
            guard let other else { return true }
            return place <= other
        }
        func takeDefinitions(before row: (HybridTimestamp, Int)?) {
            while true {
                let definition = definitions.first.map { ($0.timestamp, $0.operation.kind.rank) }
                let flush = flushes.first.map { ($0.timestamp, OperationKind.flush.rank) }
                if isDue(definition, before: row), isDue(definition, before: flush),
                    let next = definitions.popFirst()
                {
                    released.apply(next.operation)
                    operations.append(next)
                } else if isDue(flush, before: row), let next = flushes.popFirst() {
                    if let operation = next.operation(in: released) {
                        operations.append(
                            StampedOperation(timestamp: next.timestamp, operation: operation)
                        )
                    }
                } else {
                    return
                }
            }
        }
        for row in rows {
            takeDefinitions(before: (row.timestamp, row.operation.kind.rank))
            if row.operation.kind.carriesRows {
                guard isWanted(row.operation, at: row.timestamp, surroundings) else { continue }
                operations.append(
                    StampedOperation(timestamp: row.timestamp, operation: row.operation)
                )
            } else if let operation = surroundings.completed(row, in: released) {
                released.apply(operation)
                operations.append(
                    StampedOperation(timestamp: row.timestamp, operation: operation)
                )
            }
        }
        takeDefinitions(before: nil)
        return operations
    }

    /// Whether rows have somewhere to go: their collection and partition exist, and no gap covers them.
    private mutating func isWanted(
        _ operation: Operation,
        at timestamp: HybridTimestamp,
        _ surroundings: Surroundings
    ) -> Bool {
        let (id, partition, shard): (CollectionID, PartitionID?, Int)
        switch operation {
        case .insert(let rows), .upsert(let rows):
            (id, partition, shard) = (rows.collection, rows.partition, rows.shard)
        case .delete(let keys):
            (id, partition, shard) = (keys.collection, keys.partition, keys.shard)
        default: return true
        }
        guard let collection = released.collections[id] else {
            discarded.ofDroppedCollections += operation.rowCount
            return false
        }
        if let partition, collection.partitions[partition] == nil {
            discarded.ofDroppedPartitions += operation.rowCount
            return false
        }
        if surroundings.truncations.contains(where: {
            $0.covers(id, shard: shard, at: timestamp)
        }) {
            discarded.truncated += operation.rowCount
            return false
        }
        let isInGap = collection.gaps.contains { gap in
            !gap.isBesideLog && (gap.shard ?? shard) == shard && timestamp <= gap.through
                && timestamp >= gap.from
        }
        if isInGap { discarded.inGaps += operation.rowCount }
        return !isInGap
    }
}

// MARK: - Back-pressure and status

extension CaptureMachine {
    /// Bytes of rows that wait.
    var heldBytes: Int { channels.heldBytes }

    /// The channel that holds the others back; nil if no channel is needed.
    var slowest: PhysicalChannel? { channels.complete?.slowest }

    /// The channels that are read, with how far each is complete.
    var progress: [(channel: PhysicalChannel, frontier: HybridTimestamp, resume: Int64)] {
        let offsets = channels.resumeOffsets
        return channels.followed.map { channel in
            (channel, channels.frontier(of: channel) ?? .zero, offsets[channel] ?? 0)
        }
    }

    /// Channels that are ahead of the slowest and hold rows: those to hold back while memory is short.
    var channelsAhead: Set<PhysicalChannel> {
        guard let slowest = channels.complete else { return [] }
        return Set(
            channels.followed.filter { channel in
                (channels.frontier(of: channel) ?? .zero) > slowest.timestamp
            }
        )
    }
}

/// Rows that were read and are not in the journal, by reason.
package struct DiscardCounts: Hashable, Sendable {
    /// Read again after a restart.
    package var alreadyJournalled = 0
    /// Written twice by a producer's retry; messages, not rows.
    package var duplicates = 0
    /// Of a collection that was gone by then.
    package var ofDroppedCollections = 0
    /// Of a partition that was gone by then.
    package var ofDroppedPartitions = 0
    /// Covered by a gap that the journal tells of.
    package var inGaps = 0
    /// Removed by a truncation that was under way.
    package var truncated = 0
    /// Written below a time tick, by a writer that had lost its channel; messages, not rows.
    package var belowTicks = 0
    /// Transactions that were rolled back, or that the source gave up.
    package var endedTransactions = 0
}
