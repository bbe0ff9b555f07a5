/// A physical channel: one Kafka topic, of which Milvus uses partition 0.
package struct PhysicalChannel: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// The topic's name, such as `by-dev-rootcoord-dml_3`.
    package let name: String

    package init(_ name: String) { self.name = name }

    package var description: String { name }

    package static func < (left: Self, right: Self) -> Bool { left.name < right.name }

    package init(from decoder: any Decoder) throws {
        name = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}

/// A virtual channel: one shard of one collection on a physical channel.
package struct VirtualChannel: Hashable, Sendable, Codable {
    /// The name, such as `by-dev-rootcoord-dml_3_470642794049044526v0`.
    package let name: String
    /// The channel that carries it.
    package let physical: PhysicalChannel

    package init(name: String, physical: PhysicalChannel) {
        self.name = name
        self.physical = physical
    }
}
