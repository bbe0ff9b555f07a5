internal import MilvusAPI
internal import Operations
internal import SwiftProtobuf

/// What of a collection's schema decides the form of its rows in a request.
struct RowForm: Hashable, Sendable {
    /// Fields with a default value: a request must tell for each row that it has a value.
    ///
    /// Empty for servers that know no nulls: they take a column that is there as it is.
    private let defaulted: Set<String>
    /// Fields that the target computes, which a request must not have.
    private let computed: Set<String>

    /// The form of rows of which nothing is known but themselves.
    static let plain = RowForm(defaulted: [], computed: [])

    private init(defaulted: Set<String>, computed: Set<String>) {
        self.defaulted = defaulted
        self.computed = computed
    }

    /// - Throws: `WireFailure` if the definition's schema cannot be read.
    init(_ definition: CollectionDefinition, server: MilvusServer) throws(WireFailure) {
        let schema: Milvus_Proto_Schema_CollectionSchema = try decoded(definition.schema)
        self.init(
            defaulted: server.knowsNulls
                ? Set(schema.fields.filter(\.hasDefaultValue).map(\.name)) : [],
            computed: schema.computedFields
        )
    }

    /// Whether a request tells which rows of a column are not null, even where the log does not.
    func tellsValidity(of column: ArraySlice<UInt8>) -> Bool {
        defaulted.isEmpty == false && defaulted.contains(String(decoding: column, as: UTF8.self))
    }

    /// Whether a column of the log is sent.
    func isSent(_ column: ArraySlice<UInt8>) -> Bool {
        computed.isEmpty || computed.contains(String(decoding: column, as: UTF8.self)) == false
    }
}
