import CRdKafka
import Operations

/// Writes to a broker as Milvus does: librdkafka, partition 0, no key.
final class Producer {
    struct Failure: Error { let message: String }

    private let client: OpaquePointer

    init(_ brokers: String, compression: String = "zstd", batchMaxMessages: Int = 10_000) throws {
        let configuration = rd_kafka_conf_new()
        let properties = [
            ("bootstrap.servers", brokers), ("compression.codec", compression),
            ("linger.ms", "2"), ("message.max.bytes", "20971520"),
            ("batch.num.messages", "\(batchMaxMessages)"), ("log_level", "0"),
            ("queue.buffering.max.kbytes", "2000000"),
            ("queue.buffering.max.messages", "1000000"),
        ]
        for (name, value) in properties {
            guard rd_kafka_conf_set(configuration, name, value, nil, 0) == RD_KAFKA_CONF_OK
            else { throw Failure(message: "not taken: \(name)") }
        }
        guard let client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nil, 0) else {
            throw Failure(message: "no producer")
        }
        self.client = client
    }

    deinit { rd_kafka_destroy(client) }

    /// Writes values to the end of a channel and waits until the broker has them.
    func append(_ values: [[UInt8]], to channel: PhysicalChannel) throws {
        guard let topic = rd_kafka_topic_new(client, channel.name, nil) else {
            throw Failure(message: "no topic")
        }
        defer { rd_kafka_topic_destroy(topic) }
        for value in values {
            let code = value.withUnsafeBytes { bytes in
                rd_kafka_produce(
                    topic,
                    0,
                    RD_KAFKA_MSG_F_COPY,
                    UnsafeMutableRawPointer(mutating: bytes.baseAddress),
                    bytes.count,
                    nil,
                    0,
                    nil
                )
            }
            guard code == 0 else {
                throw Failure(message: String(cString: rd_kafka_err2str(rd_kafka_last_error())))
            }
        }
        guard rd_kafka_flush(client, 60_000) == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw Failure(message: "the broker does not take the messages")
        }
    }

    /// Writes one value with headers.
    func append(_ value: [UInt8], headers: [(String, [UInt8])], to channel: PhysicalChannel) throws
    {
        var value = value
        let list = rd_kafka_headers_new(headers.count)
        for (name, bytes) in headers { rd_kafka_header_add(list, name, -1, bytes, bytes.count) }
        var fields = [rd_kafka_vu_t](repeating: rd_kafka_vu_t(), count: 5)
        let error = channel.name.withCString { name in
            value.withUnsafeMutableBytes { bytes in
                fields[0].vtype = RD_KAFKA_VTYPE_TOPIC
                fields[0].u.cstr = name
                fields[1].vtype = RD_KAFKA_VTYPE_PARTITION
                fields[1].u.i32 = 0
                fields[2].vtype = RD_KAFKA_VTYPE_VALUE
                fields[2].u.mem.ptr = bytes.baseAddress
                fields[2].u.mem.size = bytes.count
                fields[3].vtype = RD_KAFKA_VTYPE_MSGFLAGS
                fields[3].u.i = RD_KAFKA_MSG_F_COPY
                fields[4].vtype = RD_KAFKA_VTYPE_HEADERS
                fields[4].u.headers = list
                return rd_kafka_produceva(client, fields, fields.count)
            }
        }
        guard error == nil, rd_kafka_flush(client, 10_000) == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw Failure(message: "cannot write a message with headers")
        }
    }
}
