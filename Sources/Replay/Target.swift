package import Operations

/// A place that replicated operations are applied to.
///
/// Calls concern one collection each, so that lanes can run side by side. All are idempotent but
/// `insert`: creating what is there with the same shape, or dropping what is not, is success.
package protocol Target: Sendable {
    /// What the target is and what it can take.
    func describe() async throws -> TargetTraits

    /// How rows lie in entries; nil where that is not known, so that they are sent whole or not at all.
    var rowLayout: (any RowLayout)? { get }

    func createDatabase(_ name: String, properties: [Property]) async throws
    func dropDatabase(_ name: String) async throws
    func alterDatabase(_ name: String, properties: [Property]) async throws

    /// Creates a collection with its first partitions. Keys made by the source become explicit keys.
    ///
    /// - Throws: `TargetFailure` with code `conflict` where a collection of that name and another shape exists.
    func createCollection(_ name: CollectionName, _ definition: CollectionDefinition) async throws
    /// Drops a collection together with its aliases.
    func dropCollection(_ name: CollectionName) async throws
    /// Removes all rows and keeps the definition.
    func truncateCollection(_ name: CollectionName, _ empty: EmptyCollection) async throws
    func renameCollection(_ name: CollectionName, to newName: CollectionName) async throws
    func alterCollection(_ name: CollectionName, _ definition: CollectionDefinition) async throws

    func createPartition(_ partition: String, of name: CollectionName) async throws
    func dropPartition(_ partition: String, of name: CollectionName) async throws

    func createIndex(_ index: IndexDefinition, on name: CollectionName) async throws
    func dropIndex(_ index: IndexDefinition, on name: CollectionName) async throws
    func alterIndex(_ index: IndexDefinition, on name: CollectionName) async throws

    /// Loads the collection, or only the named partitions.
    func load(_ name: CollectionName, partitions: [String]?, replicas: Int32) async throws
    /// Releases the collection, or only the named partitions.
    func release(_ name: CollectionName, partitions: [String]?) async throws
    func flush(_ name: CollectionName) async throws

    func createAlias(_ alias: String, of name: CollectionName) async throws
    func alterAlias(_ alias: String, of name: CollectionName) async throws
    func dropAlias(_ alias: String, in database: String) async throws

    /// Looks whether a collection of this name and shape is there, and changes nothing.
    ///
    /// - Throws: `TargetFailure` with code `absent` where there is none, `conflict` where it has another shape.
    func expectCollection(_ name: CollectionName, _ definition: CollectionDefinition) async throws

    /// Changes who may do what; a user, a role or a right that is there already, or gone, is success.
    ///
    /// A role or a user that a grant or a binding needs is made. What Milvus has of its own (the user root, the roles
    /// admin and public) is neither made nor dropped.
    ///
    /// - Parameters:
    ///   - access: The change, under the target's names.
    ///   - isInDoubt: Whether it may have been carried out before.
    /// - Returns: What becomes of the notices about it; nil if nothing.
    /// - Throws: `TargetFailure`.
    func change(_ access: AccessChange, isInDoubt: Bool) async throws -> NoticeChange?
    /// Does what a notice asks for, if what was lacking is there now.
    ///
    /// - Parameters:
    ///   - notice: One that `change` added.
    ///   - access: Who may do what, as far as it was applied.
    /// - Returns: Whether nothing is left to do.
    /// - Throws: `TargetFailure`.
    func settle(_ notice: Notice, in access: AccessDefinitions) async throws -> Bool

    /// What is there under a collection's name.
    func heldRows(of name: CollectionName) async throws -> HeldRows
    /// Whether a load that was asked for is still under way.
    func isLoading(_ name: CollectionName) async throws -> Bool

    /// Adds rows; keys that are there already get one more row each, as at the source.
    func insert(_ request: RowRequest) async throws
    /// Replaces rows by key.
    func upsert(_ request: RowRequest) async throws
    /// Removes rows by key; keys that are not there are no error.
    func delete(_ request: DeleteRequest) async throws
    /// Applies an insert that may have been applied before: afterwards each of its keys has exactly the
    /// rows of this request.
    ///
    /// - Parameters:
    ///   - request: The insert.
    ///   - note: Called before anything is changed, with how many rows the target holds of these keys, nil
    ///     if it cannot tell.
    /// - Throws: `TargetFailure`; what `note` throws, with nothing changed.
    func insertInDoubt(
        _ request: RowRequest,
        noting note: (Int?) async throws -> Void
    ) async throws
}

extension Target {
    package func alterDatabase(_ name: String, properties: [Property]) async throws {
        throw TargetFailure(code: .unsupported, message: "Database properties cannot be altered.")
    }

    package func alterIndex(_ index: IndexDefinition, on name: CollectionName) async throws {
        throw TargetFailure(code: .unsupported, message: "Indexes cannot be altered.")
    }

    package func change(_ access: AccessChange, isInDoubt: Bool) async throws -> NoticeChange? {
        throw TargetFailure(code: .unsupported, message: "Users, roles and grants cannot be kept.")
    }

    package func settle(_ notice: Notice, in access: AccessDefinitions) async throws -> Bool {
        false
    }

    package func isLoading(_ name: CollectionName) async throws -> Bool { false }

    package func expectCollection(
        _ name: CollectionName,
        _ definition: CollectionDefinition
    ) async throws {}

    package var rowLayout: (any RowLayout)? { nil }
}

/// What a target holds under a collection's name.
package enum HeldRows: Hashable, Sendable {
    /// There is no such collection.
    case absent
    /// Rows of one key count each.
    case counted(Int)
    /// There is one; how many rows it holds cannot be told as long as it is not loaded.
    case uncounted
}

/// Rows for one collection and partition, from one or more adjacent entries.
package struct RowRequest: Sendable {
    package let name: CollectionName
    package let definition: CollectionDefinition
    /// The partition's name; nil where the target assigns it (partition key).
    package let partition: String?
    /// In order; every element's columns name the same fields.
    package let rows: [Rows]

    package init(
        name: CollectionName,
        definition: CollectionDefinition,
        partition: String?,
        rows: [Rows]
    ) {
        self.name = name
        self.definition = definition
        self.partition = partition
        self.rows = rows
    }

    /// How many rows in all.
    package var rowCount: Int { rows.reduce(0) { $0 + $1.count } }
}

/// Keys to delete from one collection, from one or more adjacent entries.
package struct DeleteRequest: Sendable {
    package let name: CollectionName
    package let definition: CollectionDefinition
    /// The partition it is limited to; nil means all.
    package let partition: String?
    package let keys: [DeletedKeys]

    package init(
        name: CollectionName,
        definition: CollectionDefinition,
        partition: String?,
        keys: [DeletedKeys]
    ) {
        self.name = name
        self.definition = definition
        self.partition = partition
        self.keys = keys
    }
}

/// What a target is and what it can take.
package struct TargetTraits: Hashable, Sendable {
    /// For people, such as `Milvus 2.3.5`.
    package let product: String
    /// The most bytes of rows in one request.
    package let requestSizeMaxBytes: Int
    /// The most rows in one request.
    package let requestRowsMax: Int
    /// Operations it cannot hold; they are skipped and listed.
    package let unsupported: Set<OperationKind>
    /// Whether `upsert` keeps the last row of a key that a request holds more than once.
    ///
    /// If not, upserts of different timestamps never share a request.
    package let upsertKeepsLast: Bool
    /// How many inserts of one shard it takes at once with gain, where they have no key in common.
    package let insertsAtOnceMax: Int

    package init(
        product: String,
        requestSizeMaxBytes: Int,
        requestRowsMax: Int,
        unsupported: Set<OperationKind>,
        upsertKeepsLast: Bool = false,
        insertsAtOnceMax: Int = 1
    ) {
        self.upsertKeepsLast = upsertKeepsLast
        self.insertsAtOnceMax = insertsAtOnceMax
        self.product = product
        self.requestSizeMaxBytes = requestSizeMaxBytes
        self.requestRowsMax = requestRowsMax
        self.unsupported = unsupported
    }
}

/// Why a target did not take something.
package struct TargetFailure: Error, Sendable, CustomStringConvertible {
    /// How far the trouble reaches and what helps.
    package enum Code: Hashable, Sendable {
        /// It passes: not reachable, busy, rate-limited, timed out. Whether the call had an effect is unknown.
        case transient
        /// What the call is about is not on the target: somebody removed it, or it never was there.
        case absent
        /// The target holds something else under that name.
        case conflict
        /// The target cannot hold this: a type, an index, a name it does not take.
        case unsupported
        /// The target refuses this call as it is, and will go on doing so.
        case rejected
        /// The target does not permit this to us.
        case forbidden
        /// The target does not know us: authentication.
        case unauthorized
    }

    /// What a failure reaches, and with that what Flightlog does about it.
    package enum Scope: Hashable, Sendable {
        /// Nothing: the call is made again until it succeeds.
        case passing
        /// What was sent: it is passed over and listed, or its lane is parked, as the task says.
        case entry
        /// Everything that follows in the lane: it is parked.
        case lane
        /// Everything: the replay ends.
        case target
    }

    package let code: Code
    /// One sentence: what was asked for, what the target said.
    package let message: String
    /// Whether it is certain that nothing was applied: never sent, rate-limited, refused as a whole.
    ///
    /// If not, an insert is tried again as one in doubt.
    package let hadNoEffect: Bool

    package init(code: Code, message: String, hadNoEffect: Bool = false) {
        self.code = code
        self.message = message
        self.hadNoEffect = hadNoEffect
    }

    package var isTransient: Bool { code == .transient }

    package var scope: Scope {
        switch code {
        case .transient: .passing
        case .unsupported, .rejected: .entry
        case .absent, .conflict, .forbidden: .lane
        case .unauthorized: .target
        }
    }

    /// What a lane that is parked for it waits for, as a sentence.
    package var needs: String {
        switch code {
        case .transient: "The target to answer."
        case .absent: "What is missing, on the target as the source has it; then resume the lane."
        case .conflict: "Another place for what is there: drop or rename it, then resume the lane."
        case .unsupported, .rejected:
            "A target that takes the entry: change what it refuses, then resume the lane; or have the "
                + "task list such entries as dead letters."
        case .forbidden: "The privilege, granted to the task's user; then resume the lane."
        case .unauthorized: "Credentials that the target takes; then resume the task."
        }
    }

    package var description: String { message }
}
