internal import Catalog
internal import FoundationEssentials
internal import Replay
internal import Synchronization

/// How far a restore is, as the catalog keeps it.
struct RestoreProgress: Codable, Sendable {
    /// Where it ends, as `tso:N` or `seq:N`: settled when the restore was created.
    let end: String
    var checkpoint: Checkpoint?
    var rows: UInt64 = 0
    var bytes: UInt64 = 0
    var requests: UInt64 = 0
    /// From 0 to 1.
    var fraction: Double?

    init(end: String) { self.end = end }

    init(json: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
    }

    var json: String {
        get throws { String(decoding: try JSONBytes.of(self), as: UTF8.self) }
    }

    /// With what a replay has done since it began.
    func adding(_ status: ReplayStatus?) -> RestoreProgress {
        guard let status else { return self }
        var sum = self
        sum.rows += status.appliedRows
        sum.bytes += status.appliedBytes
        sum.requests += status.requests
        if let fraction = status.fractionDone {
            // Each run counts from where it began.
            let before = self.fraction ?? 0
            sum.fraction = before + (1 - before) * fraction
        }
        return sum
    }
}

/// The checkpoint of one restore, kept in the catalog with the rest of its progress.
final class RestoreCheckpoints: CheckpointStore {
    private let catalog: Catalog
    private let operation: TaskID
    private let status: @Sendable () -> ReplayStatus?
    private let base: RestoreProgress

    /// `base` is what earlier runs did, `status` what this one has done.
    init(
        catalog: Catalog,
        operation: TaskID,
        base: RestoreProgress,
        status: @escaping @Sendable () -> ReplayStatus?
    ) {
        self.catalog = catalog
        self.operation = operation
        self.base = base
        self.status = status
    }

    func load() async throws -> Checkpoint? { base.checkpoint }

    /// A restore parks what is refused, so there are no dead letters.
    func letterCount() async throws -> Int { 0 }

    func wantedLetters() async throws -> [DeadLetter] { [] }

    func save(_ checkpoint: Checkpoint, _ letters: DeadLetterChanges) async throws {
        var progress = base.adding(status())
        progress.checkpoint = checkpoint
        try await catalog.updateOperation(operation, progress: try progress.json)
    }
}
