internal import MilvusAPI
internal import Operations
internal import SwiftProtobuf

/// What has to be done to the fields of a collection that is there, so that they are as wanted.
struct SchemaChange {
    /// A field whose parameters differ.
    struct AlteredField: Hashable {
        let name: String
        let change: PropertyChange
        /// Whether it changes which values fit, rather than how they are kept.
        let isLimiting: Bool
    }

    /// The parameters of a type that limit what a value can be and can be altered.
    private static let limits: Set<String> = ["max_length", "max_capacity"]

    /// The parameters that may be taken back; others a server may have set of itself.
    private static let removable: Set<String> = ["mmap.enabled"]

    /// In the order of the wanted schema.
    let addedFields: [Milvus_Proto_Schema_FieldSchema]
    let alteredFields: [AlteredField]
    /// A difference that no call removes: the end of a sentence.
    let impossible: String?

    init(
        from found: Milvus_Proto_Schema_CollectionSchema,
        to wanted: Milvus_Proto_Schema_CollectionSchema,
        takesKeys: Bool = false
    ) {
        let there = Dictionary(
            found.fields.map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        addedFields = wanted.fields.filter { there[$0.name] == nil }
        alteredFields = wanted.fields.compactMap { field in
            there[field.name].flatMap {
                AlteredField(from: $0, to: field, limits: Self.limits, removable: Self.removable)
            }
        }
        impossible = Self.impossible(
            from: found,
            to: wanted,
            adding: addedFields,
            takesKeys: takesKeys
        )
    }

    private static func impossible(
        from found: Milvus_Proto_Schema_CollectionSchema,
        to wanted: Milvus_Proto_Schema_CollectionSchema,
        adding added: [Milvus_Proto_Schema_FieldSchema],
        takesKeys: Bool
    ) -> String? {
        if let field = added.first(where: { !$0.nullable }) {
            return "it has no field \(field.name), and one that is not nullable cannot be added"
        }
        // What is left once fields are added and altered.
        var reached = found
        reached.fields += added
        let parameters = Dictionary(
            wanted.fields.map { ($0.name, $0.typeParams) },
            uniquingKeysWith: { first, _ in first }
        )
        for index in reached.fields.indices {
            let dim = reached.fields[index].typeParams.filter { $0.key == "dim" }
            let others = parameters[reached.fields[index].name] ?? []
            reached.fields[index].typeParams = dim + others.filter { $0.key != "dim" }
        }
        var shape = CollectionShape(reached)
        if takesKeys { shape.ignoreAutoID() }
        if let difference = CollectionShape(wanted).differences(from: shape).first {
            return difference
        }
        let functions = Set(found.functions.map(\.name))
        return wanted.functions.first { !functions.contains($0.name) }
            .map { "it has no function \($0.name)" }
    }
}

extension SchemaChange.AlteredField {
    /// Nil if the parameters are the same, as far as the server tells them.
    fileprivate init?(
        from found: Milvus_Proto_Schema_FieldSchema,
        to wanted: Milvus_Proto_Schema_FieldSchema,
        limits: Set<String>,
        removable: Set<String>
    ) {
        func properties(_ field: Milvus_Proto_Schema_FieldSchema) -> [Property] {
            field.typeParams.filter { $0.key != "dim" }
                .map { Property(key: $0.key, value: $0.value) }
        }
        let there = properties(found)
        let told = Set(there.map(\.key))
        let keys = Set(properties(wanted).map(\.key))
        // A limit that the server does not tell is none it holds anybody to.
        let change = PropertyChange(
            from: there.filter { keys.contains($0.key) || removable.contains($0.key) },
            to: properties(wanted).filter { told.contains($0.key) || !limits.contains($0.key) }
        )
        guard !change.isEmpty else { return nil }
        self.init(
            name: wanted.name,
            change: change,
            isLimiting: change.added.contains { limits.contains($0.key) }
        )
    }
}
