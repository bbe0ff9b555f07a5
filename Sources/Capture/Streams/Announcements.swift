internal import Operations

/// Definitions that the log tells of before the metadata does (Milvus 2.6.6 and later).
///
/// There the source writes what it is about to define into its log, with the timestamp that counts, and into
/// its metadata a moment later. Time waits for the metadata before such a message, so that the definition gets
/// its own place in the journal. It does not wait for ever: what came to nothing never shows up there.
struct Announcements: Sendable {
    /// What is announced: a collection, or a partition of one.
    struct Subject: Hashable, Sendable {
        let collection: CollectionID
        var partition: PartitionID?
    }

    /// How far time may get ahead of the metadata, on the source's clock: a few times what the source takes.
    static let patienceMilliseconds: Int64 = 3_000
    /// Rows that wait beyond this are let go instead.
    static let heldBytesMax = 16 << 20

    private struct Announcement {
        let subject: Subject
        let isThere: Bool
        let timestamp: HybridTimestamp
    }

    private var pending: [Announcement] = []

    mutating func note(_ subject: Subject, isThere: Bool, at timestamp: HybridTimestamp) {
        pending.append(Announcement(subject: subject, isThere: isThere, timestamp: timestamp))
    }

    /// The newest timestamp, at most the given one, that is not ahead of the metadata.
    func limit(_ timestamp: HybridTimestamp, known: Definitions) -> HybridTimestamp {
        let latest = timestamp.unixMilliseconds - Self.patienceMilliseconds
        return pending.reduce(timestamp) { limit, announcement in
            guard announcement.timestamp <= limit,
                announcement.timestamp.unixMilliseconds > latest,
                announcement.subject.isThere(in: known) != announcement.isThere
            else { return limit }
            return announcement.timestamp.predecessor
        }
    }

    /// When the log said that something goes; the metadata of 2.6.15 and later does not.
    func time(of operation: Operation) -> HybridTimestamp? {
        let subject: Subject
        switch operation {
        case .dropCollection(let id): subject = Subject(collection: id)
        case .dropPartition(let id, let partition):
            subject = Subject(collection: id, partition: partition)
        default: return nil
        }
        return pending.lazy.filter { $0.subject == subject && $0.isThere == false }
            .map(\.timestamp).min()
    }

    /// Forgets what time has passed.
    mutating func forget(through resolved: HybridTimestamp) {
        pending.removeAll { $0.timestamp <= resolved }
    }
}

extension Announcements.Subject {
    fileprivate func isThere(in known: Definitions) -> Bool {
        guard let collection = known.collections[collection] else { return false }
        return partition.map { collection.partitions[$0] != nil } ?? true
    }
}
