internal import MilvusAPI
internal import Operations
internal import Replay

/// One of the two servers of a comparison, and what is done there so that rows can be read.
struct ComparisonSide {
    /// How long a collection may take to be loaded.
    private static let loadingMax = Duration.seconds(600)
    private static let pause = Duration.milliseconds(200)

    /// What of a collection's rows can be read.
    enum Readable: Hashable {
        case all
        case partitions([String])
        /// Nothing, for a reason: the end of "its rows are not compared: …".
        case nothing(String)
    }

    /// What was loaded for the comparison and is to be released after it.
    enum Loan: Hashable {
        case nothing
        case collection
        case partitions([String])
    }

    /// `source` or `target`, for sentences.
    let role: String
    let connection: MilvusConnection
    /// From when on rows are read.
    ///
    /// One for all collections, so an idle Milvus waits for its next tick once.
    var moment = ReadingMoment.now

    /// What the server tells of a collection, once loading that is under way has ended; nil if it is not there.
    func facts(of name: CollectionName) async throws -> CollectionFacts? {
        try await Patience.reading {
            guard try await connection.collection(name) != nil else { return nil }
            if try await connection.loadState(of: name) == .loading { _ = try await isLoaded(name) }
            return try await connection.facts(of: name)
        }
    }

    private var target: MilvusTarget { MilvusTarget(connection) }

    /// Lets rows be read for as long as an operation takes, loading what is not loaded if that is wanted.
    func reading(
        _ facts: CollectionFacts,
        loads: Bool,
        _ operation: (Readable) async throws -> Void
    ) async throws {
        let (readable, loan) = try await prepare(facts, loads)
        do {
            try await operation(readable)
        } catch {
            try await giveBack(loan, of: facts.name)
            throw error
        }
        try await giveBack(loan, of: facts.name)
    }

    private func prepare(
        _ facts: CollectionFacts,
        _ loads: Bool
    ) async throws -> (Readable, Loan) {
        switch facts.load {
        case .all: return (.all, .nothing)
        case .partial:
            guard try await isLoaded(facts.name) else {
                return (.nothing("it is still being loaded on the \(role)"), .nothing)
            }
            return (.all, .nothing)
        case .partitions(let loaded):
            guard loads else { return (.partitions(loaded), .nothing) }
            let rest = facts.partitions.filter { loaded.contains($0) == false }
            return try await lend(facts.name, rest, .partitions(rest))
        case .none:
            guard loads else { return (.nothing("it is not loaded on the \(role)"), .nothing) }
            return try await lend(facts.name, nil, .collection)
        }
    }

    private func lend(
        _ name: CollectionName,
        _ partitions: [String]?,
        _ loan: Loan
    ) async throws -> (Readable, Loan) {
        do {
            try await target.load(name, partitions: partitions, replicas: 1)
        } catch let failure as TargetFailure where failure.code == .rejected {
            return (.nothing("it cannot be loaded on the \(role) (\(failure.message))"), .nothing)
        }
        guard try await isLoaded(name) else {
            return (.nothing("it could not be loaded in time on the \(role)"), loan)
        }
        return (.all, loan)
    }

    /// Waits until loading ends; false if it takes too long or is given up.
    private func isLoaded(_ name: CollectionName) async throws -> Bool {
        let start = ContinuousClock.now
        while true {
            switch try await connection.loadState(of: name) {
            case .loaded: return true
            case .loading: break
            default: return false
            }
            guard ContinuousClock.now - start < Self.loadingMax else { return false }
            try await Task.sleep(for: Self.pause)
        }
    }

    private func giveBack(_ loan: Loan, of name: CollectionName) async throws {
        switch loan {
        case .nothing: break
        case .collection: try await target.release(name, partitions: nil)
        case .partitions(let names): try await target.release(name, partitions: names)
        }
    }
}
