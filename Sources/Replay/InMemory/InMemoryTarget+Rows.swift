package import Operations

extension InMemoryTarget {
    package func insert(_ request: RowRequest) async throws {
        let rows = request.rows.flatMap { InMemoryRow.rows($0.columns) }
        try await take(InMemoryCall(.insert, request.subject, rows.map(\.key))) {
            contents throws(TargetFailure) in
            try contents.change(request) { $0 += rows }
        }
    }

    package func upsert(_ request: RowRequest) async throws {
        let rows = request.rows.flatMap { InMemoryRow.rows($0.columns) }
        try await take(InMemoryCall(.upsert, request.subject, rows.map(\.key))) {
            contents throws(TargetFailure) in
            let keys = Set(rows.map(\.key))
            try contents.change(request) { present in
                present.removeAll { keys.contains($0.key) }
                present += rows
            }
        }
    }

    package func delete(_ request: DeleteRequest) async throws {
        let keys = request.keys.flatMap { InMemoryRow.numbers($0.keys) }
        try await take(InMemoryCall(.delete, "\(request.name)", keys)) {
            contents throws(TargetFailure) in
            try contents.change(request.name) { collection throws(TargetFailure) in
                guard collection.id == request.definition.id else {
                    throw TargetFailure(
                        code: .conflict,
                        message: "\(request.name) is another collection."
                    )
                }
                collection.rows.removeAll { keys.contains($0.key) }
            }
        }
    }

    package func insertInDoubt(
        _ request: RowRequest,
        noting note: (Int?) async throws -> Void
    ) async throws {
        let rows = request.rows.flatMap { InMemoryRow.rows($0.columns) }
        let keys = Set(rows.map(\.key))
        let present = contents.collections[request.name]?.rows ?? []
        try await note(present.count { keys.contains($0.key) })
        let call = InMemoryCall(.insert, request.subject, rows.map(\.key), isInDoubt: true)
        try await take(call) { contents throws(TargetFailure) in
            try contents.change(request) { present in
                present.removeAll { keys.contains($0.key) }
                present += rows
            }
        }
    }

    package var rowLayout: (any RowLayout)? { InMemoryRowLayout() }

    /// Not counted as a call: it changes nothing, and fails only for what it sees.
    package func expectCollection(
        _ name: CollectionName,
        _ definition: CollectionDefinition
    ) async throws {
        guard let held = contents.collections[name] else {
            throw TargetFailure(code: .absent, message: "There is no collection \(name).")
        }
        guard held.id == definition.id else {
            throw TargetFailure(code: .conflict, message: "\(name) is another collection.")
        }
    }

    package func heldRows(of name: CollectionName) async throws -> HeldRows {
        contents.collections[name].map { .counted($0.rows.count) } ?? .absent
    }
}

extension RowRequest {
    /// The collection, and the partition where it is not left to the target.
    fileprivate var subject: String {
        partition.map { "\(name)/\($0)" } ?? "\(name)"
    }
}

extension InMemoryContents {
    /// Changes the rows of a collection, which must have the request's partition and be the same one.
    fileprivate mutating func change(
        _ request: RowRequest,
        _ body: (inout [InMemoryRow]) -> Void
    ) throws(TargetFailure) {
        try change(request.name) { collection throws(TargetFailure) in
            guard collection.id == request.definition.id else {
                throw TargetFailure(
                    code: .conflict,
                    message: "\(request.name) is another collection."
                )
            }
            if let partition = request.partition, !collection.partitions.contains(partition) {
                throw TargetFailure(
                    code: .absent,
                    message: "\(request.name) has no partition \(partition)."
                )
            }
            body(&collection.rows)
            collection.rows.sort()
        }
    }
}
