internal import MilvusAPI
internal import Operations
internal import Replay
internal import SwiftProtobuf

/// The schema a collection is created with on a target, made from the source's.
///
/// Ids are zeroed, since a server numbers fields itself. Keys that the source makes become explicit, so that they stay
/// the same. The dynamic field is asked for with a flag and never declared. Fields of records have the names that a
/// client gives them, without those of the records. Embeddings are fields like any other: see `withoutEmbeddings`.
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
        var schema = source.withoutEmbeddings
        schema.name = name.collection
        schema.dbName = ""
        schema.version = 0
        schema.autoID = false
        schema.enableDynamicField = definition.hasDynamicField
        schema.fields = schema.fields
            .filter { $0.isDynamic == false && ["RowID", "Timestamp"].contains($0.name) == false }
            .map(field)
        for index in schema.structArrayFields.indices {
            schema.structArrayFields[index].fieldID = 0
            schema.structArrayFields[index].fields = schema.structArrayFields[index].fields
                .map(field)
        }
        for index in schema.functions.indices {
            schema.functions[index].id = 0
            schema.functions[index].inputFieldIds = []
            schema.functions[index].outputFieldIds = []
        }
        return schema
    }

    private static func field(
        _ source: Milvus_Proto_Schema_FieldSchema
    ) -> Milvus_Proto_Schema_FieldSchema {
        var field = source
        field.fieldID = 0
        field.autoID = false
        field.state = .fieldCreated
        if let inRecords = StructColumn(field.name) { field.name = inRecords.field }
        // The metadata holds a moment as a number, a client gives it as text.
        if field.hasDefaultValue, let instant = field.defaultInstant?.requestText {
            field.defaultValue.stringData = instant
        }
        return field
    }
}

extension Milvus_Proto_Schema_FieldSchema {
    /// The default value of a field of moments, in whichever form a server holds or shows it; nil if there is none.
    var defaultInstant: Instant? {
        guard dataType == .timestamptz, hasDefaultValue else { return nil }
        return switch defaultValue.data {
        case .timestamptzData(let number), .longData(let number): Instant(microseconds: number)
        case .stringData(let text): Instant(text: text)
        default: nil
        }
    }
}
