internal import MilvusAPI
package import Operations
internal import Replay
internal import SwiftProtobuf

/// What a collection is altered to: its fields and its properties.
extension MilvusTarget {
    package func alterCollection(
        _ name: CollectionName,
        _ definition: CollectionDefinition
    ) async throws {
        let doing = "alter the collection \(name)"
        guard let found = try await connection.collection(name) else {
            throw TargetFailure(code: .rejected, message: "Cannot \(doing): it is not there.")
        }
        connection.madeKeys.forget(name)
        let wanted = try TargetSchema(definition, name: name).schema
        let change = SchemaChange(
            from: found.schema,
            to: wanted,
            takesKeys: try await connection.server().takesKeys(found.properties)
        )
        if let impossible = change.impossible {
            throw TargetFailure(code: .unsupported, message: "Cannot \(doing): \(impossible).")
        }
        for field in change.addedFields { try await add(field, to: name) }
        try await alterProperties(
            from: found,
            to: definition,
            description: wanted.description_p,
            of: name
        )
        for field in change.alteredFields { try await alter(field, of: name) }
    }

    private func add(
        _ field: Milvus_Proto_Schema_FieldSchema,
        to name: CollectionName
    ) async throws {
        let doing = "add the field \(field.name) to \(name)"
        let server = try await connection.server()
        guard server.addsFields else {
            throw TargetFailure(
                code: .unsupported,
                message: "Cannot \(doing): \(server.description) adds no fields."
            )
        }
        var request = Milvus_Proto_Milvus_AddCollectionFieldRequest()
        request.dbName = name.database
        request.collectionName = name.collection
        request.schema = try field.serializedBytes()
        try await ensure(
            Method.AddCollectionField.descriptor,
            request,
            database: name.database,
            doing: doing
        ) {
            try await connection.collection(name)?.schema.fields.contains {
                $0.name == field.name
            } == true
        }
    }

    private func alter(_ field: SchemaChange.AlteredField, of name: CollectionName) async throws {
        let doing = "alter the field \(field.name) of \(name)"
        let server = try await connection.server()
        guard server.altersFields else {
            // Milvus-lite does not keep what only tunes.
            if server.isLite, !field.isLimiting { return }
            throw TargetFailure(
                code: .unsupported,
                message: "Cannot \(doing): \(server.description) alters no fields."
            )
        }
        var request = Milvus_Proto_Milvus_AlterCollectionFieldRequest()
        request.dbName = name.database
        request.collectionName = name.collection
        request.fieldName = field.name
        request.properties = field.change.added.map(\.pair)
        request.deleteKeys = field.change.removed
        try await change(
            Method.AlterCollectionField.descriptor,
            request,
            database: name.database,
            doing: doing
        ).check(doing)
    }

    private func alterProperties(
        from found: Milvus_Proto_Milvus_DescribeCollectionResponse,
        to definition: CollectionDefinition,
        description: String,
        of name: CollectionName
    ) async throws {
        let doing = "alter the collection \(name)"
        let server = try await connection.server()
        let change = PropertyChange(
            // Whoever made the collection there to take keys wants it to go on.
            from: found.properties.filter { $0.key != MilvusServer.keysProperty }
                .map { Property(key: $0.key, value: $0.value) },
            to: definition.properties.filter(\.isForTargets)
        )
        guard change.removed.isEmpty || server.removesProperties else {
            throw TargetFailure(
                code: .unsupported,
                message: "Cannot \(doing): \(server.description) cannot remove the property"
                    + " \(change.removed[0])."
            )
        }
        var added = change.added
        let isDescribedAnew = found.schema.description_p != description
        if isDescribedAnew, server.altersDescriptions {
            added.append(Property(key: "collection.description", value: description))
        }
        if !added.isEmpty || !change.removed.isEmpty {
            var request = Milvus_Proto_Milvus_AlterCollectionRequest()
            request.dbName = name.database
            request.collectionName = name.collection
            request.properties = added.map(\.pair)
            request.deleteKeys = change.removed
            // A server that stores properties with the next change only is sent the change twice.
            for _ in 0..<(server.storesPropertiesLate ? 2 : 1) {
                try await self.change(
                    Method.AlterCollection.descriptor,
                    request,
                    database: name.database,
                    doing: doing
                ).check(doing)
            }
        }
        if isDescribedAnew, !server.altersDescriptions {
            throw TargetFailure(
                code: .unsupported,
                message: "Cannot \(doing): \(server.description) alters no descriptions."
            )
        }
    }
}
