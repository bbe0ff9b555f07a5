internal import Capture
internal import Operations

/// A whole transaction, and by how much it changed the number of keys.
struct AssembledChange: Hashable, Sendable {
    let change: MetadataChange
    let keyDelta: Int
}

/// Puts the events of a watch back together into transactions.
///
/// All events of one transaction carry its revision. etcd sends them next to each other, but a large answer
/// is cut anywhere into fragments, so a transaction is known to be whole only when an event of a later one
/// comes, or an answer that is not a fragment ends.
struct RevisionAssembly {
    private let range: KeyRange
    private let start: Int64
    /// The last revision that was given out; `start` before the first.
    private var last: Int64
    private var revision: Int64 = 0
    private var records: [MetadataRecord] = []
    private var keyDelta = 0

    /// - Parameters:
    ///   - range: The keys that are watched.
    ///   - revision: Events up to here are dropped: the watch begins after it.
    init(of range: KeyRange, after revision: Int64) {
        self.range = range
        start = revision
        last = revision
    }

    /// The transactions that an answer completes, oldest first.
    ///
    /// - Throws: `EtcdError` with code `corrupt` where revisions fall or a key is not in the range.
    mutating func take(
        _ response: Etcdserverpb_WatchResponse
    ) throws(EtcdError) -> [AssembledChange] {
        var complete: [AssembledChange] = []
        for event in response.events where event.kv.modRevision > start {
            if records.isEmpty || event.kv.modRevision != revision {
                flush(into: &complete)
                revision = event.kv.modRevision
                guard revision > last else {
                    throw EtcdError(
                        .corrupt,
                        "the watch went back from revision \(last) to \(revision)"
                    )
                }
            }
            guard let key = range.relative(event.kv.key) else {
                throw EtcdError(.corrupt, "the watch told of a key that is not below the root")
            }
            switch event.type {
            case .put:
                records.append(MetadataRecord(key: key, value: Array(event.kv.value)))
                if event.kv.version == 1 { keyDelta += 1 }
            case .delete:
                records.append(MetadataRecord(key: key, value: nil))
                keyDelta -= 1
            case .UNRECOGNIZED(let number):
                throw EtcdError(.corrupt, "the watch told of an event of unknown type \(number)")
            }
        }
        if !response.fragment { flush(into: &complete) }
        return complete
    }

    private mutating func flush(into complete: inout [AssembledChange]) {
        guard !records.isEmpty else { return }
        let change = MetadataChange(
            revision: MetadataRevision(rawValue: revision),
            records: records
        )
        complete.append(AssembledChange(change: change, keyDelta: keyDelta))
        last = revision
        records = []
        keyDelta = 0
    }
}
