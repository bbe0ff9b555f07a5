internal import Operations

/// What became, in the journal, of the subject of a dead letter since the target refused it.
struct DeadLetterHistory {
    /// What is to be done with it.
    enum Verdict {
        /// To be applied, in order; of its rows those that nothing later has touched.
        case apply([StepDraft])
        /// Nothing is left of it: what the target holds is newer.
        case superseded(String)
        /// It cannot be told what is newer.
        case unknown(String)
    }

    private let letter: DeadLetter
    private let projection: Projection
    private let unsupported: Set<OperationKind>
    private let layout: (any RowLayout)?
    private var entry: Entry?
    /// What the entry came to in its own place.
    private var drafts: [StepDraft] = []
    /// The definitions at the end.
    private var definitions = Definitions()
    /// The entry's rows or keys.
    private var keys: [RowKey] = []
    private var touched: Set<RowKey> = []
    private var superseded: String?
    private var unknown: String?

    /// Reads the entry and what follows it.
    ///
    /// - Parameters:
    ///   - letter: The dead letter.
    ///   - last: The entry up to which the target is.
    ///   - source: The journal.
    ///   - projection: What is taken, and what it is called on the target.
    ///   - unsupported: Kinds the target cannot hold.
    ///   - layout: How rows lie in entries.
    /// - Throws: What the journal throws; `CodingFailure`.
    init(
        of letter: DeadLetter,
        through last: SequenceNumber,
        in source: any EntrySource,
        projection: Projection,
        unsupported: Set<OperationKind>,
        layout: (any RowLayout)?
    ) throws {
        self.letter = letter
        self.projection = projection
        self.unsupported = unsupported
        self.layout = layout
        let first = letter.id.sequence
        guard try first > source.start().sequence else { return }
        var cursor = try source.cursor(after: first.predecessor)
        definitions = cursor.definitions
        while superseded == nil, unknown == nil, let piece = try cursor.next() {
            for next in piece.entries where next.sequence <= last {
                if next.sequence == first { try begin(with: next) } else { try follow(next) }
            }
            guard let end = piece.entries.last?.sequence ?? piece.commit?.sequence, end < last
            else { break }
        }
    }

    /// What is left to do.
    var verdict: Verdict {
        guard let entry else {
            return .unknown("The journal no longer holds entry \(letter.id.sequence).")
        }
        if let superseded { return .superseded(superseded) }
        if let unknown { return .unknown(unknown) }
        return entry.operation.kind.carriesRows ? rows(of: entry) : .apply(drafts)
    }

    private mutating func begin(with entry: Entry) throws {
        self.entry = entry
        var translation = Translation(
            projection: projection,
            unsupported: unsupported,
            definitions: definitions
        )
        drafts = translation.take(entry).drafts.filter { draft in
            if case .expectCollection = draft.action { return false }
            return draft.lanes.first == letter.id.lane
        }
        definitions = translation.definitions
        guard let layout, let collection = entry.operation.collection,
            let definition = definitions.collections[collection]?.definition
        else { return }
        switch entry.operation {
        case .insert(let rows), .upsert(let rows): keys = try layout.keys(of: rows, definition)
        case .delete(let deleted): keys = try layout.keys(of: deleted)
        default: break
        }
    }

    private mutating func follow(_ later: Entry) throws {
        guard let entry else { return }
        let definition = later.operation.collection
            .flatMap { definitions.collections[$0]?.definition }
        definitions.apply(later.operation)
        if case .dropCollection(let id) = later.operation, id == entry.operation.collection {
            superseded = "Its collection was dropped."
        } else if entry.operation.kind.carriesRows {
            try follow(later.operation, definition, rowsOf: entry.operation)
        } else if let newer = later.operation.replaces(entry.operation, drafts: drafts) {
            if newer {
                superseded = "Entry \(later.sequence) has replaced it."
            } else {
                unknown =
                    "Whether entry \(later.sequence) has replaced it cannot be told: do by hand what is "
                    + "missing, and drop it."
            }
        }
    }

    private mutating func follow(
        _ later: Operation,
        _ definition: CollectionDefinition?,
        rowsOf operation: Operation
    ) throws {
        guard later.collection == operation.collection else { return }
        if case .dropPartition(_, let id) = later, id == operation.partition {
            superseded = "Its partition was dropped."
        }
        if later.kind == .truncateCollection { superseded = "Its collection was emptied." }
        guard later.kind.carriesRows else { return }
        guard let layout, let definition else {
            unknown = "What later entries have touched cannot be told: drop it."
            return
        }
        let newer: [RowKey]
        switch later {
        case .insert(let rows), .upsert(let rows): newer = try layout.keys(of: rows, definition)
        case .delete(let deleted): newer = try layout.keys(of: deleted)
        default: newer = []
        }
        touched.formUnion(newer)
    }

    /// The rows that nothing later has touched, for the collection as it is called now.
    private func rows(of entry: Entry) -> Verdict {
        let places = keys.indices.filter { !touched.contains(keys[$0]) }
        let operation: Operation
        if places.count == keys.count {
            operation = entry.operation
        } else if places.isEmpty {
            return .superseded("Every one of its rows was replaced or deleted later.")
        } else {
            do {
                guard let left = try entry.operation.left(places, layout) else {
                    return .unknown("Its rows cannot be told apart.")
                }
                operation = left
            } catch {
                return .unknown("Its rows cannot be told apart: \(error).")
            }
        }
        var translation = Translation(
            projection: projection,
            unsupported: unsupported,
            definitions: definitions
        )
        let now = Entry(
            sequence: entry.sequence,
            timestamp: entry.timestamp,
            operation: operation
        )
        let drafts = translation.take(now).drafts
        return drafts.isEmpty
            ? .superseded("This task no longer takes its collection.") : .apply(drafts)
    }
}

extension Operation {
    /// The partition of rows; nil for anything else, and for keys of any partition.
    fileprivate var partition: PartitionID? {
        switch self {
        case .insert(let rows), .upsert(let rows): rows.partition
        case .delete(let keys): keys.partition
        default: nil
        }
    }

    /// The same with some of its rows or keys only.
    fileprivate func left(_ places: [Int], _ layout: (any RowLayout)?) throws -> Operation? {
        guard let layout else { return nil }
        switch self {
        case .insert(let rows): return .insert(try layout.rows(rows, at: places))
        case .upsert(let rows): return .upsert(try layout.rows(rows, at: places))
        case .delete(let keys): return .delete(try layout.keys(keys, at: places))
        default: return nil
        }
    }
}
