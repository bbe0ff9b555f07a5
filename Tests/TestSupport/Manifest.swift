import FoundationEssentials

/// What the recorded client did, and what must be true after each phase of it.
package struct Manifest: Sendable, Decodable {
    /// A part of the workload.
    package struct Phase: Sendable, Decodable {
        package let phase: String
        /// Allocated by the server after the phase's last operation.
        package let tso: UInt64
        package let wall_ms: Int64
        /// By database name, then collection name.
        package let state: [String: [String: CollectionState]]
    }

    /// One client call.
    package struct Call: Sendable, Decodable {
        package let n: Int
        package let phase: String
        package let op: String
        package let db: String?
        package let collection: String?
        package let tso_before: UInt64
        package let tso_after: UInt64
        /// Whether the server accepted it.
        package let ok: Bool
    }

    package let phases: [Phase]
    package let ops: [Call]
}

/// What a collection must be at the end of a phase.
package struct CollectionState: Sendable, Decodable {
    /// A field of the schema.
    package struct Field: Sendable, Decodable {
        package let name: String
        /// `milvus.proto.schema.DataType`.
        package let type: Int32
        package let pk: Bool
        package let auto: Bool
        package let partition_key: Bool
        package let params: [String: Int64]
        /// An array's element type.
        package let element: Int32?
    }

    /// An index; its parameters are not kept here.
    package struct Index: Sendable, Decodable {
        package let field: String
    }

    /// What is loaded.
    package enum Loaded: Hashable, Sendable, Decodable {
        case all
        case partitions([String])

        package init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let names = try? value.decode([String].self) {
                self = .partitions(names)
            } else {
                self = .all
            }
        }
    }

    package let shards: Int
    package let dynamic: Bool
    package let consistency: String
    package let fields: [Field]
    /// Names, sorted.
    package let partitions: [String]
    /// Distinct keys.
    package let rows: Int
    /// SHA-256 in hex, as the recording's README describes.
    package let digest: String
    /// By partition name; nil where a partition key places the rows.
    package let rows_by_partition: [String: Int]?
    /// By name.
    package let indexes: [String: Index]
    package let loaded: Loaded?
    /// Sorted.
    package let aliases: [String]
    package let properties: [String: String]
}
