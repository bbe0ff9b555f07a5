internal import MilvusAPI
internal import Operations

/// What decides whether rows of one collection fit into another: fields by name, keys, partitions by key.
///
/// Field ids, descriptions and the order of fields do not: servers number fields themselves and match columns
/// by name.
struct CollectionShape: Hashable, Sendable {
    /// A field that the user declared.
    struct Field: Hashable, Sendable {
        let name: String
        let type: Milvus_Proto_Schema_DataType
        let elementType: Milvus_Proto_Schema_DataType
        let isPrimaryKey: Bool
        var isAutoID: Bool
        let isPartitionKey: Bool
        let isNullable: Bool
        /// Whether the server computes its values.
        let isComputed: Bool
        let parameters: [String: String]
    }

    private(set) var fields: [Field]
    private(set) var hasDynamicField: Bool

    init(_ schema: Milvus_Proto_Schema_CollectionSchema) {
        let computed = schema.functions.flatMap(\.outputFieldNames)
        let declared = schema.fields.filter { $0.isDynamic == false }
        fields = declared.map { field in
            Field(field, schema, isComputed: computed.contains(field.name))
        }
        for records in schema.structArrayFields {
            fields += records.fields.map { field in
                var named = field
                named.name = StructColumn.name(of: field.name, in: records.name)
                named.nullable = field.nullable || records.nullable
                return Field(named, schema, isComputed: false)
            }
        }
        fields.sort { $0.name < $1.name }
        hasDynamicField =
            schema.enableDynamicField || schema.fields.contains { $0.isDynamic }
    }

    /// Makes no difference of who makes the keys.
    mutating func ignoreAutoID() {
        for index in fields.indices { fields[index].isAutoID = false }
    }

    /// The parameters of a type that limit what a value can be; the others only tune.
    static let limiting: Set = ["dim", "max_length", "max_capacity"]

    /// How the shape of a collection that is there differs from this one, which is wanted: sentences that say
    /// what is there and what is wanted.
    func differences(
        from found: CollectionShape,
        limits: Set<String> = CollectionShape.limiting
    ) -> [String] {
        var differences: [String] = []
        let there = Dictionary(
            found.fields.map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let wanted = Set(fields.map(\.name))
        for field in fields {
            guard let other = there[field.name] else {
                differences.append("it has no field \(field.name), which is a \(field.type)")
                continue
            }
            differences += Self.differences(field, other, limits)
        }
        for field in found.fields where wanted.contains(field.name) == false {
            differences.append("it has the field \(field.name) too, which is a \(field.type)")
        }
        if hasDynamicField != found.hasDynamicField {
            differences.append(
                found.hasDynamicField ? "it has a dynamic field" : "it has no dynamic field"
            )
        }
        return differences
    }

    private static func differences(
        _ wanted: Field,
        _ found: Field,
        _ limits: Set<String>
    ) -> [String] {
        let name = wanted.name
        var differences: [String] = []
        if wanted.type != found.type {
            differences.append("its field \(name) is \(found.type), not \(wanted.type)")
        }
        if wanted.elementType != found.elementType {
            differences.append(
                "its field \(name) has elements of \(found.elementType), not \(wanted.elementType)"
            )
        }
        // A limit that the server does not tell is none it holds anybody to: milvus-lite forgets that of
        // an array's strings.
        for key in limits.sorted() {
            guard let told = found.parameters[key], told != wanted.parameters[key] else { continue }
            differences.append(
                "its field \(name) has \(key) \(told), not \(wanted.parameters[key] ?? "unset")"
            )
        }
        for (trait, isWanted, isFound) in [
            ("the primary key", wanted.isPrimaryKey, found.isPrimaryKey),
            ("the partition key", wanted.isPartitionKey, found.isPartitionKey),
            ("nullable", wanted.isNullable, found.isNullable),
            ("computed by a function", wanted.isComputed, found.isComputed),
            ("made by the server", wanted.isAutoID, found.isAutoID),
        ] where isWanted != isFound {
            differences.append("its field \(name) is \(isFound ? "" : "not ")\(trait)")
        }
        return differences
    }
}

extension CollectionShape.Field {
    fileprivate init(
        _ field: Milvus_Proto_Schema_FieldSchema,
        _ schema: Milvus_Proto_Schema_CollectionSchema,
        isComputed: Bool
    ) {
        self.init(
            name: field.name,
            type: field.dataType,
            elementType: field.elementType,
            isPrimaryKey: field.isPrimaryKey,
            isAutoID: field.autoID || (field.isPrimaryKey && schema.autoID),
            isPartitionKey: field.isPartitionKey,
            isNullable: field.nullable,
            isComputed: isComputed || field.isFunctionOutput,
            parameters: Dictionary(
                field.typeParams.map { ($0.key, $0.value) },
                uniquingKeysWith: { _, last in last }
            )
        )
    }
}
