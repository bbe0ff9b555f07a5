package import Operations
package import Replay

/// Compares what two Milvus servers hold: databases, collections with all that belongs to them, and every row.
///
/// It only reads, unless it is told to load what is not loaded; what it loads it releases again. Rows are read as
/// of its beginning or later, so servers that are written to meanwhile differ by what is under way. Values are equal if their bits
/// are, JSON if it says the same. What cannot be compared is listed, and what a product does in its own way
/// (milvus-lite has one shard and names indexes after fields) is noted and no difference.
package struct Comparison: Sendable {
    private var source: ComparisonSide
    private var target: ComparisonSide
    private let projection: Projection
    private let loads: Bool
    private let progress: @Sendable (CollectionName, Int) -> Void

    /// Prepares a comparison; both connections must be carried while it runs.
    ///
    /// - Parameters:
    ///   - source: The server whose collections count.
    ///   - target: The server that is held against it.
    ///   - projection: Which collections, and what they are called on the target.
    ///   - loads: Whether collections that are not loaded are loaded while their rows are read.
    ///   - progress: Called now and then with a collection and how many rows are compared so far.
    package init(
        source: MilvusConnection,
        target: MilvusConnection,
        projection: Projection = .everything,
        loads: Bool = false,
        progress: @escaping @Sendable (CollectionName, Int) -> Void = { _, _ in }
    ) {
        self.source = ComparisonSide(role: "source", connection: source)
        self.target = ComparisonSide(role: "target", connection: target)
        self.projection = projection
        self.loads = loads
        self.progress = progress
    }

    /// Compares everything that the projection takes.
    ///
    /// - Throws: `TargetFailure` where a server does not answer or refuses; the comparison is then not complete.
    package func run() async throws -> ComparisonReport {
        var comparison = self
        comparison.source.moment = try await .present(of: source.connection)
        comparison.target.moment = try await .present(of: target.connection)
        return try await comparison.everything()
    }

    private func everything() async throws -> ComparisonReport {
        var report = ComparisonReport()
        let names = try await names(&report)
        for (name, other) in names {
            try Task.checkCancellation()
            try await compare(name, other, &report)
        }
        if projection.takesAccess {
            try await AccessComparison(source.connection, target.connection, projection)
                .run(&report)
        }
        return report
    }

    /// Every collection that is on either side, under its names on both, and the databases on the way.
    private func names(
        _ report: inout ComparisonReport
    ) async throws -> [(CollectionName, CollectionName)] {
        let there = Set(try await target.connection.databases())
        let here = try await source.connection.databases()
        var pairs: [(CollectionName, CollectionName)] = []
        var expected: Set<String> = []
        for database in here {
            guard let named = projection.target(ofDatabase: database) else { continue }
            expected.insert(named.name)
            let collections = try await source.connection.collections(in: database)
                .map { CollectionName(database: database, collection: $0) }
            let taken = collections.compactMap { name in
                projection.target(of: name).map { (name, $0) }
            }
            pairs += taken
            // A pattern may fit a database by its form and nothing in it.
            guard named.isWhole || taken.isEmpty == false else { continue }
            report.compared.databases += 1
            guard there.contains(named.name) else {
                report.check(database, ["the database is missing on the target"])
                continue
            }
            report.check(
                database,
                named.isWhole ? try await properties(of: database, named.name) : []
            )
        }
        try await addExtra(there.sorted(), expected, pairs, &report)
        return pairs
    }

    /// How the properties of a database differ, where both servers tell them.
    private func properties(of database: String, _ other: String) async throws -> [String] {
        guard let here = try await source.connection.databaseProperties(of: database),
            let there = try await target.connection.databaseProperties(of: other)
        else { return [] }
        func texts(_ properties: [Property]) -> NamedTexts {
            NamedTexts(properties.filter(\.isForTargets).map { ($0.key, $0.value) })
        }
        return texts(here).differences(from: texts(there))
    }

    /// Adds what is on the target only, as far as its names are those that the projection gives.
    private func addExtra(
        _ databases: [String],
        _ expected: Set<String>,
        _ pairs: [(CollectionName, CollectionName)],
        _ report: inout ComparisonReport
    ) async throws {
        let taken = Set(pairs.map(\.1))
        for database in databases {
            // With renames it cannot be told what a name on the target would be called at the source.
            guard let same = projection.target(ofDatabase: database), same.name == database else {
                continue
            }
            if expected.contains(database) == false, same.isWhole {
                report.check(database, ["the database is on the target only"])
            }
            for collection in try await target.connection.collections(in: database) {
                let name = CollectionName(database: database, collection: collection)
                guard projection.target(of: name) == name, taken.contains(name) == false else {
                    continue
                }
                report.check("\(name)", ["the collection is on the target only"])
            }
        }
    }

    private func compare(
        _ name: CollectionName,
        _ other: CollectionName,
        _ report: inout ComparisonReport
    ) async throws {
        guard let facts = try await source.facts(of: name) else {
            return report.skip("\(name)", "it was dropped while it was compared")
        }
        report.compared.collections += 1
        guard let found = try await target.facts(of: other) else {
            let called = name == other ? "" : ", where it is called \(other)"
            return report.check("\(name)", ["the collection is missing on the target\(called)"])
        }
        DefinitionComparison(source: facts, target: found).run(&report)
        try await CollectionRows(
            source: facts,
            target: found,
            sides: (source, target),
            loads: loads,
            progress: progress
        ).run(&report)
    }
}
