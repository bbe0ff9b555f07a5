internal import MilvusAPI
internal import Operations
internal import Replay
internal import SwiftProtobuf

/// The schema a collection is created with on a target, made from the source's.
///
/// Field ids are zeroed, since a server numbers fields itself. Keys that the source makes become explicit, so
/// that they stay the same. The dynamic field is asked for with a flag and never declared.
struct TargetSchema {
    let schema: Milvus_Proto_Schema_CollectionSchema

    /// - Throws: `TargetFailure` with code `rejected` if the definition's schema cannot be read.
    init(_ definition: CollectionDefinition, name: CollectionName) throws {
        do {
            schema = Self.prepared(
                try Milvus_Proto_Schema_CollectionSchema(serializedBytes: definition.schema),
                definition,
                name
            )
        } catch {
            throw TargetFailure(
                code: .rejected,
                message: "The schema of \(name) cannot be read: \(error)."
            )
        }
    }

    var shape: CollectionShape { CollectionShape(schema) }

    private static func prepared(
        _ source: Milvus_Proto_Schema_CollectionSchema,
        _ definition: CollectionDefinition,
        _ name: CollectionName
    ) -> Milvus_Proto_Schema_CollectionSchema {
        var schema = source
        schema.name = name.collection
        schema.dbName = ""
        schema.version = 0
        schema.autoID = false
        schema.enableDynamicField = definition.hasDynamicField
        schema.fields = source.fields.filter { field in
            field.isDynamic == false && ["RowID", "Timestamp"].contains(field.name) == false
        }
        for index in schema.fields.indices {
            schema.fields[index].fieldID = 0
            schema.fields[index].autoID = false
            schema.fields[index].state = .fieldCreated
        }
        for index in schema.functions.indices {
            schema.functions[index].id = 0
            schema.functions[index].inputFieldIds = []
            schema.functions[index].outputFieldIds = []
        }
        return schema
    }
}
