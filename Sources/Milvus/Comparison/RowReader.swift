internal import Operations

/// Reads and counts the rows of one collection on one side, all as of one moment.
struct RowReader {
    /// How many rows there are.
    struct Census: Hashable {
        /// All, several of one key included; the key 2^63−1 left out.
        let physical: Int
        /// Those that are counted and belong to no key that was read.
        let unread: Int
    }

    private let connection: MilvusConnection
    private let name: CollectionName
    private let key: PrimaryKey
    private let fields: [String]
    private let moment: ReadingMoment
    /// Whether rows are counted for each partition; milvus-lite counts those of all, whichever is asked for.
    private let countsPartitions: Bool

    init(
        _ side: ComparisonSide,
        _ name: CollectionName,
        _ key: PrimaryKey,
        _ fields: [String]
    ) async throws {
        connection = side.connection
        self.name = name
        self.key = key
        self.fields = fields
        countsPartitions = try await connection.server().isLite == false
        moment = side.moment
    }

    /// The rows of some partitions, or of all if none is named.
    func pages(of partitions: [String]) -> RowPages { pages(partitions, fields) }

    private func pages(_ partitions: [String], _ fields: [String]) -> RowPages {
        RowPages(connection, of: name, key: key, fields: fields, partitions: partitions, at: moment)
    }

    /// How many rows have the key 2^63−1; 0 where keys are texts.
    func countOfLastKey() async throws -> Int {
        guard key.kind == .int64 else { return 0 }
        return try await count("\(key.field) == \(Int64.max)", [])
    }

    /// Counts rows, and makes sure that those which were read are all of them.
    ///
    /// A server merges the rows of one key and tells by nothing that it left a key out. So where more rows are
    /// counted than were read, the rows of the keys that can be read are counted too.
    func census(_ partitions: [String], read: Int) async throws -> Census {
        guard partitions.isEmpty || countsPartitions else {
            return Census(physical: read, unread: 0)
        }
        let all = key.kind == .int64 ? "\(key.field) < \(Int64.max)" : ""
        let physical = try await count(all, partitions)
        guard physical != read else { return Census(physical: physical, unread: 0) }
        var reachable = 0
        var keys = pages(partitions, [key.field])
        while let page = try await keys.next() {
            for expression in KeyExpression.expressions(field: key.field, keys: page.keys) {
                reachable += try await count(expression.text, partitions)
            }
        }
        return Census(physical: physical, unread: max(0, physical - reachable))
    }

    private func count(_ expression: String, _ partitions: [String]) async throws -> Int {
        try await Patience.reading {
            try await connection.count(expression, in: name, partitions: partitions, at: moment)
                ?? 0
        }
    }
}
