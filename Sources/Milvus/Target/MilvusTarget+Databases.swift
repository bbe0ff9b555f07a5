internal import MilvusAPI
package import Operations
internal import Replay

/// Databases and aliases.
extension MilvusTarget {
    package func createDatabase(_ name: String, properties: [Property]) async throws {
        var request = Milvus_Proto_Milvus_CreateDatabaseRequest()
        request.dbName = name
        request.properties = properties.map(\.pair)
        try await ensure(
            Method.CreateDatabase.descriptor,
            request,
            database: nil,
            doing: "create the database \(name)"
        ) { try await connection.databases().contains(name) }
    }

    package func dropDatabase(_ name: String) async throws {
        var request = Milvus_Proto_Milvus_DropDatabaseRequest()
        request.dbName = name
        try await ensure(
            Method.DropDatabase.descriptor,
            request,
            database: nil,
            doing: "drop the database \(name)"
        ) { try await connection.databases().contains(name) == false }
    }

    package func alterDatabase(_ name: String, properties: [Property]) async throws {
        let doing = "alter the database \(name)"
        let server = try await connection.server()
        guard server.unsupported.contains(.alterDatabase) == false else {
            throw TargetFailure(
                code: .unsupported,
                message: "Cannot \(doing): \(server.description) has no properties of databases."
            )
        }
        // What a server does not tell it cannot be asked to remove.
        let there = try await connection.databaseProperties(of: name) ?? []
        let change = PropertyChange(from: there, to: properties)
        guard change.isEmpty == false else { return }
        var request = Milvus_Proto_Milvus_AlterDatabaseRequest()
        request.dbName = name
        request.properties = change.added.map(\.pair)
        request.deleteKeys = change.removed
        try await self.change(
            Method.AlterDatabase.descriptor,
            request,
            database: name,
            doing: doing
        )
        .check(doing)
    }

    package func createAlias(_ alias: String, of name: CollectionName) async throws {
        let doing = "create the alias \(alias) of \(name)"
        let other = try await collection(ofAlias: alias, in: name.database)
        if other == name.collection { return }
        if let other {
            throw TargetFailure(
                code: .conflict,
                message: "Cannot \(doing): the name is one of the collection \(other) already."
            )
        }
        var request = Milvus_Proto_Milvus_CreateAliasRequest()
        request.dbName = name.database
        request.collectionName = name.collection
        request.alias = alias
        try await ensure(
            Method.CreateAlias.descriptor,
            request,
            database: name.database,
            doing: doing
        ) { try await collection(ofAlias: alias, in: name.database) == name.collection }
    }

    package func alterAlias(_ alias: String, of name: CollectionName) async throws {
        guard let other = try await collection(ofAlias: alias, in: name.database) else {
            return try await createAlias(alias, of: name)
        }
        if other == name.collection { return }
        var request = Milvus_Proto_Milvus_AlterAliasRequest()
        request.dbName = name.database
        request.collectionName = name.collection
        request.alias = alias
        try await ensure(
            Method.AlterAlias.descriptor,
            request,
            database: name.database,
            doing: "let the alias \(alias) mean \(name)"
        ) { try await collection(ofAlias: alias, in: name.database) == name.collection }
    }

    package func dropAlias(_ alias: String, in database: String) async throws {
        guard let other = try await collection(ofAlias: alias, in: database), other != alias
        else { return }
        var request = Milvus_Proto_Milvus_DropAliasRequest()
        request.dbName = database
        request.alias = alias
        try await ensure(
            Method.DropAlias.descriptor,
            request,
            database: database,
            doing: "drop the alias \(database).\(alias)"
        ) { try await collection(ofAlias: alias, in: database) == nil }
    }

    /// The collection a name stands for: itself, if it is a collection's own; nil if it is free.
    private func collection(ofAlias alias: String, in database: String) async throws -> String? {
        let name = CollectionName(database: database, collection: alias)
        if let found = try await connection.describe(name) { return found.ownName }
        // Milvus-lite does not look collections up by alias.
        guard try await connection.server().isLite else { return nil }
        var request = Milvus_Proto_Milvus_DescribeAliasRequest()
        request.dbName = database
        request.alias = alias
        let answer: Milvus_Proto_Milvus_DescribeAliasResponse = try await connection.call(
            Method.DescribeAlias.descriptor,
            request,
            database: database,
            doing: "look up the alias \(name)"
        )
        return answer.collection.isEmpty ? nil : answer.collection
    }
}

extension Property {
    /// As the API of Milvus holds it.
    var pair: Milvus_Proto_Common_KeyValuePair {
        var pair = Milvus_Proto_Common_KeyValuePair()
        pair.key = key
        pair.value = value
        return pair
    }
}
