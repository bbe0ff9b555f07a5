internal import Capture
internal import FoundationEssentials
internal import MilvusAPI
internal import Operations

/// Whether a source is one that can be read, as far as its metadata tells.
///
/// Milvus 2.3 to 2.5 does not write down where its log is. What it does write down are positions in the log,
/// and those of Pulsar do not look like Kafka's. Those of RocksMQ do: that a topic is missing on the broker
/// while the collection exists must be seen there. Milvus 2.6 names the log beside its positions.
struct MilvusAdmission {
    private let snapshot: MetadataSnapshot
    private let metaPath: String

    init(_ snapshot: MetadataSnapshot, metaPath: String) {
        self.snapshot = snapshot
        self.metaPath = metaPath
    }

    /// - Throws: `MetadataFailure` with code `refused`.
    func check() throws(MetadataFailure) {
        guard isMilvus else {
            throw refused(
                "There is no Milvus here: none of \(snapshot.records.count) keys begins with"
                    + " \(metaPath)session/ or \(metaPath)root-coord/. Check the root path."
            )
        }
        if let version, let numbers = Self.numbers(version), numbers >= (2, 7) {
            throw refused(
                "The source runs Milvus \(version), whose log may have another format; sources up to"
                    + " 2.6 can be read."
            )
        }
        for record in snapshot.records { try checkPositions(record) }
    }

    /// The version that the servers registered with; nil while none runs.
    var version: String? {
        for record in snapshot.records where record.key.hasPrefix(metaPath + "session/") {
            guard let value = record.value, let session = try? JSONValue(parsing: value),
                case .string(let version)? = session["Version"]
            else { continue }
            return String(decoding: version, as: UTF8.self)
        }
        return nil
    }

    private var isMilvus: Bool {
        snapshot.records.contains {
            $0.key.hasPrefix(metaPath + "session/") || $0.key.hasPrefix(metaPath + "root-coord/")
        }
    }

    private func checkPositions(_ record: MetadataRecord) throws(MetadataFailure) {
        guard let value = record.value, value != MilvusMetadataDecoder.tombstone,
            record.key.hasPrefix(metaPath),
            let path = try? MetadataPath(String(record.key.dropFirst(metaPath.count)))
        else { return }
        if let kind = Self.log(path.key, value) {
            throw refused(
                "The source's log is on \(kind.name), as the record \(record.key) says; only Kafka"
                    + " can be read."
            )
        }
        for length in Self.positionLengths(path.key, value) where length != KafkaPosition.width {
            throw refused(
                "The source's log is not on Kafka: the record \(record.key) holds a position of"
                    + " \(length) bytes, and an offset of Kafka has \(KafkaPosition.width)."
            )
        }
    }

    /// The log that a record names, if it is not Kafka.
    private static func log(_ key: MetadataKey, _ value: [UInt8]) -> LogKind? {
        switch key {
        case .checkpoint:
            // `MsgPosition.WAL_name`, since Milvus 2.6.9.
            guard let number = try? ProtobufNumbers(value)[5], number != 0 else { return nil }
            let kind = LogKind(rawValue: number) ?? .unknown
            return kind == .kafka ? nil : kind
        case .log:
            guard let checkpoint = try? LogCheckpoint(value.span), checkpoint.isKafka == false
            else { return nil }
            return checkpoint.log
        default: return nil
        }
    }

    private static func positionLengths(_ key: MetadataKey, _ value: [UInt8]) -> [Int] {
        switch key {
        case .collection:
            let info: Milvus_Proto_Etcd_CollectionInfo? = try? decoded(value)
            return info?.startPositions.map(\.data.count) ?? []
        case .checkpoint:
            let position: Milvus_Proto_Msg_MsgPosition? = try? decoded(value)
            return position.map { $0.msgID.isEmpty ? [] : [$0.msgID.count] } ?? []
        default: return []
        }
    }

    /// Major and minor number of a version; nil for a build that has none.
    static func numbers(_ version: String) -> (Int, Int)? {
        let parts = version.drop { $0 == "v" }.split(separator: ".")
        guard parts.count >= 2, let major = Int(parts[0]), let minor = Int(parts[1]) else {
            return nil
        }
        return (major, minor)
    }

    private func refused(_ message: String) -> MetadataFailure {
        MetadataFailure(code: .refused, message: message)
    }
}
