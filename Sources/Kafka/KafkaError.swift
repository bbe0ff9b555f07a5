/// An error as librdkafka reports it.
///
/// Source: `rd_kafka_resp_err_t` in `rdkafka.h`; negative codes are the library's own, positive ones the
/// brokers'.
struct KafkaError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What it means for reading.
    enum Kind: Hashable, Sendable {
        /// The wanted offset is not in the log.
        case outOfRange
        /// The topic is not there, or not yet.
        case unknownTopic
        /// A record batch fails its checksum or cannot be unpacked. librdkafka goes on *behind* it.
        case corrupt
        /// A login, a certificate or an authorization is missing or wrong.
        case refused
        /// Everything else: it passes, or comes again.
        case transient
    }

    let kind: Kind
    /// The code's name, such as `_TRANSPORT`.
    let name: String
    /// What librdkafka said.
    let text: String

    var description: String { text.isEmpty ? name : "\(text) (\(name))" }
}
