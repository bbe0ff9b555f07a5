internal import Capture
internal import MilvusAPI
internal import Operations
internal import SwiftProtobuf

/// Puts a collection together from its own record and those of its fields.
struct CollectionAssembly {
    /// Lower ids are the source's own: RowID is 0, Timestamp is 1.
    static let firstUserFieldID: Int64 = 100

    private let record: CollectionRecord
    /// With its fields, in id order.
    private let schema: Milvus_Proto_Schema_CollectionSchema

    init(_ record: CollectionRecord, _ parts: CollectionParts) throws(WireFailure) {
        self.record = record
        var schema: Milvus_Proto_Schema_CollectionSchema = try decoded(record.schema)
        var all: [Milvus_Proto_Schema_FieldSchema] = []
        for (_, bytes) in parts.fields.sorted(by: { $0.key < $1.key }) {
            all.append(try Self.field(bytes))
        }
        // Records from before Milvus 2.1 hold their fields themselves.
        if all.isEmpty { all = schema.fields }
        schema.fields = all.filter { $0.fieldID >= Self.firstUserFieldID }
            .sorted { $0.fieldID < $1.fieldID }
        for (_, bytes) in parts.structFields.sorted(by: { $0.key < $1.key }) {
            schema.structArrayFields.append(try decoded(bytes))
        }
        for (_, bytes) in parts.functions.sorted(by: { $0.key < $1.key }) {
            schema.functions.append(try decoded(bytes))
        }
        // The definition has the name; so a change of the name changes no schema.
        schema.name = ""
        self.schema = schema
    }

    func definition(
        _ partitions: [PartitionDefinition]
    ) throws(WireFailure) -> CollectionDefinition {
        CollectionDefinition(
            id: record.id,
            database: record.database,
            name: record.name,
            schema: try Self.bytes(schema),
            primaryKey: try primaryKey(),
            hasPartitionKey: schema.fields.contains(where: \.isPartitionKey),
            hasDynamicField: schema.enableDynamicField
                || schema.fields.contains(where: \.isDynamic),
            virtualChannels: record.virtualChannels,
            consistencyLevel: record.consistencyLevel,
            properties: record.properties,
            partitions: partitions,
            createdAt: record.createdAt
        )
    }

    private func primaryKey() throws(WireFailure) -> PrimaryKey {
        let keys = schema.fields.filter(\.isPrimaryKey)
        guard let field = keys.first, keys.count == 1 else {
            throw WireFailure(
                "it has \(keys.count) primary keys among \(schema.fields.count) fields"
            )
        }
        let kind: PrimaryKey.Kind
        switch field.dataType {
        case .int64: kind = .int64
        case .varChar: kind = .varchar
        default: throw WireFailure("its primary key has the data type \(field.dataType.rawValue)")
        }
        return PrimaryKey(field: field.name, kind: kind, isAutoID: field.autoID)
    }

    /// Decodes a field.
    static func field(_ bytes: [UInt8]) throws(WireFailure) -> Milvus_Proto_Schema_FieldSchema {
        let field: Milvus_Proto_Schema_FieldSchema = try decoded(bytes)
        guard field.name.isEmpty == false else { throw WireFailure("the field has no name") }
        return field
    }

    static func fieldName(_ bytes: [UInt8]) throws(WireFailure) -> String { try field(bytes).name }

    /// The name of a field of records, as requests name it: `records[field]`.
    static func fieldName(
        _ id: Int64,
        inRecords bytes: [UInt8]
    ) throws(WireFailure) -> String? {
        let records: Milvus_Proto_Schema_StructArrayFieldSchema = try decoded(bytes)
        guard let name = records.fields.first(where: { $0.fieldID == id })?.name else { return nil }
        return name.hasSuffix("]") ? name : "\(records.name)[\(name)]"
    }

    /// The bytes of a schema, with what is unknown here kept.
    static func bytes(
        _ schema: Milvus_Proto_Schema_CollectionSchema
    ) throws(WireFailure) -> [UInt8] {
        do {
            return try schema.serializedBytes()
        } catch {
            throw WireFailure("its schema cannot be written")
        }
    }
}
