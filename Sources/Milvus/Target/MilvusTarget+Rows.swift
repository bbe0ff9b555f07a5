internal import GRPCCore
internal import MilvusAPI
internal import Operations
package import Replay

/// Rows and keys.
extension MilvusTarget {
    package func insert(_ request: RowRequest) async throws {
        let server = try await connection.server()
        for (index, rows) in RowGroups.sized(request.rows, for: server).enumerated() {
            do {
                try await send(
                    Method.Insert.descriptor,
                    rows,
                    request,
                    "insert into \(request.name)"
                )
            } catch let failure as TargetFailure where index > 0 && failure.hadNoEffect {
                // What went before had.
                throw TargetFailure(code: failure.code, message: failure.message)
            }
        }
    }

    package func upsert(_ request: RowRequest) async throws {
        let doing = "upsert into \(request.name)"
        let server = try await connection.server()
        let groups = try malformed(doing) {
            try RowGroups.distinct(
                RowGroups.sized(request.rows, for: server),
                key: request.definition.primaryKey.field
            )
        }
        let deletesFirst =
            (server.misplacesUpserts && request.definition.hasPartitionKey)
            ? true : try await connection.remakesKeys(request.name)
        for rows in groups {
            if server.isLite {
                // Its upsert keeps old dynamic values that the new row lacks; its insert replaces rows.
                try await send(Method.Insert.descriptor, rows, request, doing)
            } else if deletesFirst {
                try await delete(try keys(of: rows, request, doing), request, doing)
                try await send(Method.Insert.descriptor, rows, request, doing)
            } else {
                try await send(Method.Upsert.descriptor, rows, request, doing)
            }
        }
    }

    package func delete(_ request: DeleteRequest) async throws {
        let doing = "delete from \(request.name)"
        let keys = try malformed(doing) { try request.keys.flatMap { try $0.primaryKeys() } }
        try await delete(
            Self.unique(keys),
            request.name,
            request.definition,
            partition: request.partition,
            doing
        )
    }

    package func insertInDoubt(
        _ request: RowRequest,
        noting note: (Int?) async throws -> Void
    ) async throws {
        let doing = "insert into \(request.name)"
        let keys = try keys(of: request.rows, request, doing)
        let held = try await held(keys, request)
        try await note(held)
        if held != 0 { try await delete(keys, request, doing) }
        try await insert(request)
    }

    /// How many rows of these keys the target holds in the request's partition; nil if it cannot tell.
    private func held(_ keys: [PrimaryKeyValue], _ request: RowRequest) async throws -> Int? {
        let partitions = partition(of: request).map { [$0] } ?? []
        guard
            try await connection.loadState(of: request.name, partitions: partitions) == .loaded
        else { return nil }
        var held = 0
        for expression in KeyExpression.expressions(
            field: request.definition.primaryKey.field,
            keys: keys
        ) {
            guard
                let count = try await connection.count(
                    expression.text,
                    in: request.name,
                    partitions: partitions
                )
            else { return nil }
            held += count
        }
        return held
    }

    /// The keys of rows, without repetition.
    private func keys(
        of rows: [Rows],
        _ request: RowRequest,
        _ doing: String
    ) throws -> [PrimaryKeyValue] {
        let field = request.definition.primaryKey.field
        return Self.unique(
            try malformed(doing) { try rows.flatMap { try $0.primaryKeys(field: field) } }
        )
    }

    private static func unique(_ keys: [PrimaryKeyValue]) -> [PrimaryKeyValue] {
        var seen = Set<PrimaryKeyValue>(minimumCapacity: keys.count)
        return keys.filter { seen.insert($0).inserted }
    }

    private func delete(
        _ keys: [PrimaryKeyValue],
        _ request: RowRequest,
        _ doing: String
    ) async throws {
        try await delete(
            keys,
            request.name,
            request.definition,
            partition: request.partition,
            doing
        )
    }

    private func delete(
        _ keys: [PrimaryKeyValue],
        _ name: CollectionName,
        _ definition: CollectionDefinition,
        partition: String?,
        _ doing: String
    ) async throws {
        let field = definition.primaryKey.field
        let partition = definition.hasPartitionKey ? nil : partition
        var expressions = KeyExpression.expressions(field: field, keys: keys)
        if let partition, try await connection.server().isLite {
            // It would delete the keys from every partition.
            let held = try await held(expressions, field, name, partition)
            expressions = KeyExpression.expressions(field: field, keys: held)
        }
        for expression in expressions {
            var request = Milvus_Proto_Milvus_DeleteRequest()
            request.dbName = name.database
            request.collectionName = name.collection
            request.expr = expression.text
            request.partitionName = partition ?? ""
            let answer: Milvus_Proto_Milvus_MutationResult = try await connection.call(
                Method.Delete.descriptor,
                request,
                database: name.database,
                deadline: MilvusConnection.rowsDeadline,
                doing: doing
            )
            try answer.status.check(doing)
        }
    }

    /// Which of some keys a partition holds; the collection is loaded for the time of looking.
    private func held(
        _ expressions: [KeyExpression],
        _ field: String,
        _ name: CollectionName,
        _ partition: String
    ) async throws -> [PrimaryKeyValue] {
        let isLoaded = try await connection.loadState(of: name) == .loaded
        if isLoaded == false { try await load(name, partitions: nil, replicas: 1) }
        var held: [PrimaryKeyValue] = []
        for expression in expressions {
            held += try await connection.keys(
                expression.text,
                field: field,
                in: name,
                partition: partition
            )
        }
        if isLoaded == false { try await release(name, partitions: nil) }
        return held
    }

    private func partition(of request: RowRequest) -> String? {
        request.definition.hasPartitionKey ? nil : request.partition
    }

    private func send(
        _ method: MethodDescriptor,
        _ rows: [Rows],
        _ request: RowRequest,
        _ doing: String
    ) async throws {
        let server = try await connection.server()
        let message = try malformed(doing) {
            try RowMessage.rope(
                name: request.name,
                partition: partition(of: request),
                rows: rows,
                form: try RowForm(request.definition, server: server)
            )
        }
        let answer: Milvus_Proto_Milvus_MutationResult = try await connection.call(
            method,
            message,
            database: request.name.database,
            doing: doing
        )
        try answer.status.check(doing)
        let taken = max(answer.insertCnt, answer.upsertCnt)
        let sent = rows.reduce(0) { $0 + $1.count }
        guard taken == sent else {
            throw TargetFailure(
                code: .rejected,
                message: "Cannot \(doing): the server took \(taken) of \(sent) rows."
            )
        }
    }

    /// Runs something that reads stored bytes; if they cannot be read, sending them again does not help.
    private func malformed<Value>(_ doing: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let failure as WireFailure {
            throw TargetFailure(code: .rejected, message: "Cannot \(doing): \(failure.reason).")
        } catch let failure as CodingFailure {
            throw TargetFailure(code: .rejected, message: "Cannot \(doing): \(failure).")
        }
    }
}
