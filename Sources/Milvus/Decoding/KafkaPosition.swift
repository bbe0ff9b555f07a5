internal import FoundationEssentials

/// A place in a Kafka topic as Milvus keeps it: the offset, 8 bytes, little-endian.
///
/// Source: `pkg/mq/msgstream/mqwrapper/kafka/kafka_id.go` of Milvus 2.3; equal to 2.6 in etcd. The ids of
/// Pulsar are longer; those of RocksMQ look the same.
enum KafkaPosition {
    static let width = 8

    static func offset(_ id: some Collection<UInt8>) throws(WireFailure) -> Int64 {
        guard id.count == width else {
            throw WireFailure("a position has \(id.count) bytes, which is not an offset of Kafka")
        }
        return Int64(bitPattern: id.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
}
