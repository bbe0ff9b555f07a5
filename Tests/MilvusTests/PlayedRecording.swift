import Capture
import Operations
import Synchronization
import TestSupport

/// A recorded source, played in the order in which it happened.
///
/// Every message brings the time at which its broker took it; the metadata is revealed as far as it was
/// written by then. A player can be told to die after a number of messages it had not played before.
final class PlayedRecording: MessageLog, Sendable {
    /// The whole recording was played.
    struct Ended: Error {}
    /// The reader is to die here.
    struct Killed: Error {}

    private struct State {
        var next: [PhysicalChannel: Int64] = [:]
        var cursor: Int?
        var furthest: Int
        var killAt: Int?
    }

    let metadata = InMemoryMetadata()
    private let messages: [LogMessage]
    private let times: [Int64]
    private let places: [PhysicalChannel: [Int]]
    private let revisions: [(time: Int64, revision: MetadataRevision)]
    private let state: Mutex<State>

    /// - Parameters:
    ///   - recording: What to play.
    ///   - furthest: How many messages were played in earlier runs.
    ///   - killAfter: How many more to play before the reader dies; nil plays to the end.
    /// - Throws: `Fixtures.Failure` if the recording is damaged.
    init(_ recording: Recording, furthest: Int = 0, killAfter: Int? = nil) throws {
        let ordered = recording.messages.sorted { left, right in
            (left.timestamp, left.topic, left.offset) < (right.timestamp, right.topic, right.offset)
        }
        messages = ordered.map {
            LogMessage(channel: PhysicalChannel($0.topic), offset: $0.offset, value: $0.value)
        }
        times = ordered.map(\.timestamp)
        places = Dictionary(grouping: messages.indices) { [messages] in messages[$0].channel }
        // Not every change says when it was made; the recorded keyspaces say what came before and after.
        let marks = try Keyspace.Phase.allCases.map(Recording.keyspace)
        var revisions: [(time: Int64, revision: MetadataRevision)] = []
        var time: Int64 = 0
        for change in Self.changes(of: recording) {
            metadata.write(change)
            for mark in marks where mark.revision < change.revision.rawValue {
                time = max(time, HybridTimestamp(rawValue: mark.tso).unixMilliseconds)
            }
            for record in change.records {
                guard let stamp = Self.stamp(of: record.key) else { continue }
                time = max(time, stamp.unixMilliseconds)
            }
            revisions.append((time, change.revision))
        }
        self.revisions = revisions
        state = Mutex(State(furthest: furthest, killAt: killAfter.map { furthest + $0 }))
        metadata.reveal(
            through: MetadataRevision(rawValue: try Recording.keyspace(.start).revision)
        )
    }

    /// How many messages were played, in this run and before.
    var furthest: Int { state.withLock { $0.furthest } }

    private static func changes(of recording: Recording) -> [MetadataChange] {
        var changes: [MetadataChange] = []
        var records: [MetadataRecord] = []
        for (index, event) in recording.metadataEvents.enumerated() {
            records.append(
                MetadataRecord(
                    key: String(event.key.dropFirst(Recording.root.count)),
                    value: event.type == .put ? event.value : nil
                )
            )
            let following = index + 1
            guard
                following == recording.metadataEvents.count
                    || recording.metadataEvents[following].rev != event.rev
            else { continue }
            changes.append(
                MetadataChange(revision: MetadataRevision(rawValue: event.rev), records: records)
            )
            records = []
        }
        return changes
    }

    /// The timestamp behind `_ts` at the end of a key.
    private static func stamp(of key: String) -> HybridTimestamp? {
        guard let last = key.split(separator: "_").last, last.hasPrefix("ts") else { return nil }
        return UInt64(last.dropFirst(2)).map { HybridTimestamp(rawValue: $0) }
    }

    // MARK: - MessageLog

    func bounds(of channel: PhysicalChannel) -> OffsetBounds? {
        places[channel].map { OffsetBounds(first: 0, end: Int64($0.count)) }
    }

    func follow(_ channel: PhysicalChannel, from offset: Int64) {
        state.withLock { state in
            state.next[channel] = offset
            guard let place = places[channel]?.dropFirst(Int(offset)).first else { return }
            state.cursor = state.cursor.map { min($0, place) }
        }
    }

    func unfollow(_ channel: PhysicalChannel) {
        state.withLock { $0.next[channel] = nil }
    }

    func hold(_ channels: Set<PhysicalChannel>) {}

    func next(wait: Duration) throws -> [LogMessage] {
        try state.withLock { state in
            let place = state.cursor ?? start(state)
            guard place < messages.count else { throw Ended() }
            if let killAt = state.killAt, place >= killAt { throw Killed() }
            state.cursor = place + 1
            state.furthest = max(state.furthest, place + 1)
            reveal(at: times[place])
            let message = messages[place]
            guard state.next[message.channel] == message.offset else { return [] }
            state.next[message.channel] = message.offset + 1
            return [message]
        }
    }

    func close() {}

    /// The first message that somebody waits for.
    private func start(_ state: State) -> Int {
        state.next.compactMap { channel, offset in
            places[channel]?.dropFirst(Int(offset)).first
        }
        .min() ?? 0
    }

    private func reveal(at time: Int64) {
        var low = 0
        var high = revisions.count
        while low < high {
            let middle = (low + high) / 2
            if revisions[middle].time <= time { low = middle + 1 } else { high = middle }
        }
        if low > 0 { metadata.reveal(through: revisions[low - 1].revision) }
    }
}
