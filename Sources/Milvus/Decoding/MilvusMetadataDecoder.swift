package import Capture
package import Operations

/// Reads the metadata of Milvus 2.3 to 2.6, as its coordinators keep it in etcd.
package struct MilvusMetadataDecoder: MetadataDecoder {
    /// What stands in place of a value that is gone: most of the root coordinator's records are
    /// overwritten with it long before their keys are deleted.
    static let tombstone: [UInt8] = [0xe2, 0x9b, 0xbc]

    /// How far the stored clock may run ahead of the last timestamp that was handed out: it is stored
    /// before its time comes (3 s), and a proxy uses the timestamps it was given for a while (10 s is ample).
    static let clockLeadMilliseconds: Int64 = 13_000

    let metaPath: String
    private let clockKey: String

    /// - Parameters:
    ///   - metaPath: `etcd.metaSubPath` of the source.
    ///   - kvPath: `etcd.kvSubPath` of the source.
    package init(metaPath: String = "meta", kvPath: String = "kv") {
        self.metaPath = metaPath + "/"
        clockKey = kvPath + "/gid/timestamp"
    }

    package func decode(_ record: MetadataRecord) throws -> DecodedRecord? {
        do throws(WireFailure) {
            if record.key == clockKey {
                let value = try record.value.map { value throws(WireFailure) in
                    try Self.clock(value)
                }
                return DecodedRecord(key: .clock, value: value)
            }
            guard record.key.hasPrefix(metaPath),
                let path = try MetadataPath(String(record.key.dropFirst(metaPath.count)))
            else { return nil }
            guard let value = record.value else {
                // The source forgets timestamped copies after a day. That says nothing about the thing.
                return path.stamp == nil ? DecodedRecord(key: path.key, value: nil) : nil
            }
            // A collection's stored pieces concern nobody but while rows are imported.
            if case .segment = path.key, try SegmentRecord(value).isImporting == false {
                return DecodedRecord(key: path.key, value: nil)
            }
            return DecodedRecord(
                key: path.key,
                value: value == Self.tombstone ? nil : try path.key.value(of: value),
                stamp: path.stamp
            )
        } catch {
            throw MetadataFailure(
                code: .corrupt,
                message: "The metadata record \(record.key) cannot be read: \(error.reason)."
            )
        }
    }

    package func definition(
        of record: CollectionRecord,
        fields: [Int64: [UInt8]],
        partitions: [PartitionDefinition]
    ) throws -> CollectionDefinition {
        var parts = CollectionParts()
        parts.fields = fields
        parts.partitions = partitions
        return try definition(of: record, parts: parts)
    }

    package func definition(
        of record: CollectionRecord,
        parts: CollectionParts
    ) throws -> CollectionDefinition {
        do throws(WireFailure) {
            return try CollectionAssembly(record, parts).definition(parts.partitions)
        } catch {
            throw MetadataFailure(
                code: .corrupt,
                message: "The collection \(record.name) (id \(record.id)) cannot be put together:"
                    + " \(error.reason)."
            )
        }
    }

    package func fieldName(_ field: [UInt8]) throws -> String {
        do throws(WireFailure) {
            return try CollectionAssembly.fieldName(field)
        } catch {
            throw MetadataFailure(
                code: .corrupt,
                message: "A field's record cannot be read: \(error.reason)."
            )
        }
    }

    package func fieldName(_ id: Int64, inRecords structField: [UInt8]) throws -> String? {
        do throws(WireFailure) {
            return try CollectionAssembly.fieldName(id, inRecords: structField)
        } catch {
            throw MetadataFailure(
                code: .corrupt,
                message: "The record of a field of records cannot be read: \(error.reason)."
            )
        }
    }

    package func admit(_ snapshot: MetadataSnapshot) throws {
        try MilvusAdmission(snapshot, metaPath: metaPath).check()
    }

    /// The version that the source's servers registered with, such as `2.3.5`; nil while none runs.
    package func version(in snapshot: MetadataSnapshot) -> String? {
        MilvusAdmission(snapshot, metaPath: metaPath).version
    }

    /// The stored clock: unix nanoseconds, 8 bytes, big-endian.
    private static func clock(_ value: [UInt8]) throws(WireFailure) -> MetadataValue {
        guard value.count == 8 else { throw WireFailure("the clock has \(value.count) bytes") }
        let nanoseconds = value.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let milliseconds = Int64(nanoseconds / 1_000_000)
        return .clock(HybridTimestamp(unixMilliseconds: milliseconds - clockLeadMilliseconds))
    }
}
