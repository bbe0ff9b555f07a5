internal import FoundationEssentials
internal import Glibc
internal import Journal
internal import Operations

/// Keeps retention from what a command is reading, for as long as it reads.
///
/// Where the journal's directory cannot be written, nobody else trims it either, and there is no lease.
struct JournalLease: Sendable {
    /// How long a lease outlives its process.
    static let spanMilliseconds: Int64 = 600_000
    private static let renewal = Duration.seconds(120)

    private let pins: JournalPins
    private let first: SequenceNumber
    private let name: String

    init(of journal: String, from first: SequenceNumber) {
        pins = JournalPins(at: journal)
        self.first = first
        name = "restore-\(getpid())"
    }

    /// Runs a body under the lease.
    func held<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        do {
            try renew()
        } catch let error as JournalError where error.code == .io {
            return try await body()
        }
        let lease = self
        let renewing = Task {
            while !Task.isCancelled {
                try await Task.sleep(for: Self.renewal)
                try? lease.renew()
            }
        }
        defer {
            renewing.cancel()
            try? pins.remove(.lease, name)
        }
        return try await body()
    }

    private func renew() throws {
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        try pins.put(
            JournalPin(
                .lease,
                name,
                first: first,
                createdUnixMilliseconds: now,
                expiresUnixMilliseconds: now + Self.spanMilliseconds
            )
        )
    }
}
