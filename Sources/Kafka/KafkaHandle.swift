internal import CRdKafka
internal import Operations

/// A librdkafka consumer that belongs to no group: every topic is read from where its owner says, and
/// librdkafka stores nothing.
///
/// It is the part of librdkafka called the simple consumer. The group consumer would look for a group
/// coordinator even where no group is used, which needs a right of its own and makes a fresh cluster
/// create the topic of consumer offsets.
///
/// Not copyable, so it is destroyed once; not `Sendable`, so it stays with its owner.
@safe struct KafkaHandle: ~Copyable {
    /// What one look at the queue gave.
    enum Fetched {
        case message(channel: PhysicalChannel, offset: Int64, value: [UInt8], headers: [Header])
        case failure(PhysicalChannel, KafkaError)
        /// Something of a channel that was stopped.
        case stale
        case nothing
    }

    /// A named value beside a message.
    typealias Header = (name: String, value: [UInt8])

    /// What librdkafka says outside of any topic.
    enum Event {
        case error(KafkaError)
        /// A log line; the level is syslog's.
        case log(level: Int32, text: String)
    }

    /// Milvus uses the first partition of a topic and no other.
    private static let partition: Int32 = 0

    private let client: OpaquePointer
    private let events: OpaquePointer
    private let fetched: OpaquePointer
    private var topics: [PhysicalChannel: Topic] = [:]
    /// The channel of a topic by the topic's address: a name is made once, not for every message.
    private var channels: [UInt: PhysicalChannel] = [:]
    private var started: Set<PhysicalChannel> = []

    /// - Throws: `KafkaOptionFailure` with librdkafka's sentence.
    init(properties: [(name: String, value: String)]) throws(KafkaOptionFailure) {
        let configuration = unsafe rd_kafka_conf_new()
        do throws(KafkaOptionFailure) {
            for (name, value) in properties { try unsafe Self.set(name, value, in: configuration) }
        } catch {
            unsafe rd_kafka_conf_destroy(configuration)
            throw error
        }
        unsafe rd_kafka_conf_set_events(
            configuration,
            RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_LOG
        )
        var client: OpaquePointer?
        let complaint = unsafe Self.text { buffer, size in
            unsafe client = rd_kafka_new(RD_KAFKA_CONSUMER, configuration, buffer, size)
        }
        guard let client = unsafe client else {
            // The configuration is taken over on success only.
            unsafe rd_kafka_conf_destroy(configuration)
            throw KafkaOptionFailure(message: "librdkafka does not start: \(complaint).")
        }
        unsafe self.client = client
        _ = unsafe rd_kafka_set_log_queue(client, nil)
        unsafe events = rd_kafka_queue_get_main(client)
        unsafe fetched = rd_kafka_queue_new(client)
    }

    deinit {
        for topic in topics.values {
            _ = unsafe rd_kafka_consume_stop(topic.pointer, Self.partition)
            unsafe rd_kafka_topic_destroy(topic.pointer)
        }
        unsafe rd_kafka_queue_destroy(fetched)
        unsafe rd_kafka_queue_destroy(events)
        unsafe rd_kafka_destroy(client)
    }

    /// Starts to fetch a channel from an offset.
    ///
    /// What was fetched of it before is dropped.
    mutating func start(_ channel: PhysicalChannel, at offset: Int64) throws(KafkaError) {
        stop(channel)
        let topic = try self.topic(channel)
        // __INVALID_ARG: a negative offset, or a client of another kind.
        guard
            unsafe rd_kafka_consume_start_queue(topic.pointer, Self.partition, offset, fetched) == 0
        else { throw KafkaError(rd_kafka_last_error(), "cannot start reading \(channel)") }
        started.insert(channel)
    }

    /// Stops fetching a channel; none of its messages comes any more.
    ///
    /// Waits until librdkafka did so, for which it needs no broker.
    mutating func stop(_ channel: PhysicalChannel) {
        guard started.remove(channel) != nil, let topic = topics[channel] else { return }
        // __UNKNOWN_PARTITION: was not being read, which is what is wanted.
        _ = unsafe rd_kafka_consume_stop(topic.pointer, Self.partition)
    }

    /// The next message or failure of any channel that is being read; waits for it.
    mutating func poll(milliseconds: Int32) -> Fetched {
        // rd_kafka_consume_batch_queue would wait for the whole time unless the batch is full.
        guard let pointer = unsafe rd_kafka_consume_queue(fetched, milliseconds) else {
            return .nothing
        }
        let message = unsafe FetchedMessage(pointer)
        guard let address = message.topicAddress else { return .stale }
        let channel = channels[address] ?? PhysicalChannel(message.topicName)
        channels[address] = channel
        // A failure outlives a stop, other than messages: librdkafka gives some no version.
        guard started.contains(channel) else { return .stale }
        guard message.code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            return .failure(channel, KafkaError(message.code, message.failure))
        }
        return .message(
            channel: channel,
            offset: message.offset,
            value: message.value,
            headers: message.envelope
        )
    }

    /// The next thing librdkafka has to say; nil if there is none.
    func event() -> Event? {
        guard let event = unsafe rd_kafka_queue_poll(events, 0) else { return nil }
        defer { unsafe rd_kafka_event_destroy(event) }
        guard unsafe rd_kafka_event_type(event) == RD_KAFKA_EVENT_LOG else {
            let text = unsafe String(cString: rd_kafka_event_error_string(event))
            return .error(KafkaError(unsafe rd_kafka_event_error(event), text))
        }
        var facility: UnsafePointer<CChar>?
        var text: UnsafePointer<CChar>?
        var level: Int32 = 0
        guard unsafe rd_kafka_event_log(event, &facility, &text, &level) == 0,
            let text = unsafe text
        else { return .log(level: level, text: "") }
        return .log(level: level, text: unsafe String(cString: text))
    }

    /// Asks the brokers about channels, all that were ever asked for in one request.
    ///
    /// - Returns: For each, nil if it can be read now, or else what is in the way.
    mutating func state(
        of wanted: [PhysicalChannel],
        milliseconds: Int32
    ) throws(KafkaError) -> [PhysicalChannel: KafkaError?] {
        for channel in wanted { _ = try topic(channel) }
        var metadata: UnsafePointer<rd_kafka_metadata>?
        // __TRANSPORT, __TIMED_OUT: no broker answered in time.
        try Self.check(
            unsafe rd_kafka_metadata(client, 0, nil, &metadata, milliseconds),
            "no broker answers"
        )
        defer { unsafe rd_kafka_metadata_destroy(metadata) }
        guard let metadata = unsafe metadata?.pointee else { return [:] }
        var result: [PhysicalChannel: KafkaError?] = [:]
        for index in 0..<Int(unsafe metadata.topic_cnt) {
            let topic = unsafe metadata.topics[index]
            let channel = unsafe PhysicalChannel(String(cString: topic.topic))
            result[channel] = .some(unsafe Self.obstacle(topic))
        }
        return result
    }

    /// The offsets a channel that exists holds now, asked from its leader.
    func bounds(
        of channel: PhysicalChannel,
        milliseconds: Int32
    ) throws(KafkaError) -> (first: Int64, end: Int64) {
        var first: Int64 = 0
        var end: Int64 = 0
        try Self.check(
            unsafe rd_kafka_query_watermark_offsets(
                client,
                channel.name,
                Self.partition,
                &first,
                &end,
                milliseconds
            ),
            "cannot ask for the offsets of \(channel)"
        )
        return (first, end)
    }

    // MARK: Inside

    private mutating func topic(_ channel: PhysicalChannel) throws(KafkaError) -> Topic {
        if let topic = topics[channel] { return topic }
        // __INVALID_ARG: not a topic's name.
        guard let pointer = unsafe rd_kafka_topic_new(client, channel.name, nil) else {
            throw KafkaError(rd_kafka_last_error(), "\(channel) is no name of a topic")
        }
        let topic = unsafe Topic(pointer: pointer)
        topics[channel] = topic
        return topic
    }

    private static func obstacle(_ topic: rd_kafka_metadata_topic) -> KafkaError? {
        guard unsafe topic.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
            return KafkaError(unsafe topic.err, "")
        }
        for index in 0..<Int(unsafe topic.partition_cnt) {
            let found = unsafe topic.partitions[index]
            guard unsafe found.id == Self.partition else { continue }
            return unsafe found.leader >= 0
                ? nil : KafkaError(RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, "")
        }
        return KafkaError(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, "")
    }

    private static func set(
        _ name: String,
        _ value: String,
        in configuration: OpaquePointer?
    ) throws(KafkaOptionFailure) {
        var result = RD_KAFKA_CONF_OK
        let complaint = unsafe text { buffer, size in
            result = unsafe rd_kafka_conf_set(configuration, name, value, buffer, size)
        }
        // CONF_UNKNOWN, CONF_INVALID. The complaint may quote the value, so a secret's is not passed on.
        guard result != RD_KAFKA_CONF_OK else { return }
        let isSecret = name.hasSuffix("password")
        throw KafkaOptionFailure(
            message: isSecret
                ? "librdkafka does not take the Kafka property \(name)."
                : "librdkafka does not take the Kafka property \(name): \(complaint)."
        )
    }

    private static func text(_ body: (UnsafeMutablePointer<CChar>?, Int) -> Void) -> String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
            unsafe buffer.initialize(repeating: 0)
            unsafe body(buffer.baseAddress, buffer.count)
            return unsafe buffer.baseAddress.map { unsafe String(cString: $0) } ?? ""
        }
    }

    private static func check(
        _ code: rd_kafka_resp_err_t,
        _ what: String
    ) throws(KafkaError) {
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
        throw KafkaError(code, what)
    }
}

/// A topic as librdkafka knows it; the handle gives it back.
@safe private struct Topic {
    let pointer: OpaquePointer
}

/// A message that librdkafka lent out; given back when it goes out of scope.
@safe private struct FetchedMessage: ~Copyable {
    private let pointer: UnsafeMutablePointer<rd_kafka_message_t>

    init(_ pointer: UnsafeMutablePointer<rd_kafka_message_t>) {
        unsafe self.pointer = unsafe pointer
    }

    deinit { unsafe rd_kafka_message_destroy(pointer) }

    var topicAddress: UInt? { unsafe pointer.pointee.rkt.map { UInt(bitPattern: $0) } }
    var topicName: String { unsafe String(cString: rd_kafka_topic_name(pointer.pointee.rkt)) }
    var code: rd_kafka_resp_err_t { unsafe pointer.pointee.err }
    var offset: Int64 { unsafe pointer.pointee.offset }
    var failure: String { unsafe String(cString: rd_kafka_message_errstr(pointer)) }

    /// The payload, copied once.
    var value: [UInt8] {
        guard let payload = unsafe pointer.pointee.payload else { return [] }
        return unsafe [UInt8](UnsafeRawBufferPointer(start: payload, count: pointer.pointee.len))
    }

    /// The headers whose name begins with `_`.
    var envelope: [KafkaHandle.Header] {
        var headers: OpaquePointer?
        // __NOENT: the message has none.
        guard unsafe rd_kafka_message_headers(pointer, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR
        else { return [] }
        var result: [KafkaHandle.Header] = []
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        var index = 0
        while unsafe rd_kafka_header_get_all(headers, index, &name, &value, &size)
            == RD_KAFKA_RESP_ERR_NO_ERROR
        {
            index += 1
            guard let name = unsafe name, unsafe name.pointee == UInt8(ascii: "_") else { continue }
            let bytes = unsafe [UInt8](UnsafeRawBufferPointer(start: value, count: size))
            result.append((unsafe String(cString: name), bytes))
        }
        return result
    }
}

extension KafkaError {
    fileprivate init(_ code: rd_kafka_resp_err_t, _ text: String) {
        kind =
            switch code {
            case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET, RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
                .outOfRange
            case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
                RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
                .unknownTopic
            case RD_KAFKA_RESP_ERR__BAD_MSG, RD_KAFKA_RESP_ERR__BAD_COMPRESSION,
                RD_KAFKA_RESP_ERR__UNDERFLOW, RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED,
                RD_KAFKA_RESP_ERR_INVALID_MSG, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
                .corrupt
            case RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR__SSL,
                RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
                RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM,
                RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE, RD_KAFKA_RESP_ERR_SECURITY_DISABLED,
                RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
                RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
                RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
                RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION, RD_KAFKA_RESP_ERR__INVALID_ARG:
                .refused
            default: .transient
            }
        name = unsafe String(cString: rd_kafka_err2name(code))
        self.text = text.isEmpty ? unsafe String(cString: rd_kafka_err2str(code)) : text
    }
}
