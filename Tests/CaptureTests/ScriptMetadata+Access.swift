import Capture
import Operations

extension ScriptMetadata {
    /// Keys of two names: `user/-/ann` with a password, `role/-/r`, `bind/ann/r`, `grantee/r/songs` with an id,
    /// `right/ID/Query`; and of a collection and a number: `extra/1/5` (a partition), `load/1/-`, `loaded/1/5`,
    /// `segment/1/7`; `collection/4/1`, the collection 1 in the database 4; `database/-/4` with
    /// a name, and `database/20/4`, its copy of the timestamp 20.
    func special(_ record: MetadataRecord) -> DecodedRecord? {
        let parts = record.key.split(separator: "/").map(String.init)
        guard parts.count == 3 else { return nil }
        let text = record.value.map { String(decoding: $0, as: UTF8.self) }
        let (first, second) = (parts[1], parts[2])
        let collection = CollectionID(rawValue: Int64(first) ?? 0)
        let partition = PartitionID(rawValue: Int64(second) ?? 0)
        func access(_ key: AccessKey, _ value: (String) -> AccessValue) -> DecodedRecord {
            DecodedRecord(key: .access(key), value: text.map { .access(value($0)) })
        }
        switch parts[0] {
        case "user":
            return access(.user(second)) { text in
                .user(UserDefinition(name: second, passwordMark: UInt64(text) ?? 0))
            }
        case "role": return access(.role(second)) { _ in .present }
        case "bind":
            return access(.binding(RoleBinding(user: first, role: second))) { _ in .present }
        case "grantee":
            let grantee = Grantee(
                role: first,
                objectType: "Collection",
                database: "default",
                object: second
            )
            return access(.grantee(grantee)) { .grantee(id: $0) }
        case "right": return access(.right(id: first, privilege: second)) { _ in .present }
        case "group":
            return access(.privilegeGroup(second)) { text in
                .privilegeGroup(
                    PrivilegeGroup(
                        name: second,
                        privileges: text.split(separator: " ").map(String.init)
                    )
                )
            }
        case "extra":
            return DecodedRecord(
                key: .partition(collection, partition),
                value: text.map { text in
                    .partition(
                        PartitionDefinition(id: partition, name: "p\(second)"),
                        createdAt: HybridTimestamp(rawValue: UInt64(text) ?? 0),
                        .created
                    )
                }
            )
        case "load":
            return DecodedRecord(
                key: .collectionLoad(collection),
                value: text.map { text in
                    .collectionLoad(
                        CollectionLoadRecord(
                            collection: collection,
                            isByPartition: text == "partitions",
                            replicas: 1
                        )
                    )
                }
            )
        case "loaded":
            return DecodedRecord(
                key: .partitionLoad(collection, partition),
                value: text.map { _ in .partitionLoad(partition) }
            )
        case "collection":
            let id = Int64(second) ?? 0
            return DecodedRecord(
                key: .collection(
                    DatabaseID(rawValue: Int64(first) ?? 0),
                    CollectionID(rawValue: id)
                ),
                value: text.map { text in
                    .collection(
                        self.collection(
                            id,
                            text.split(separator: " "),
                            in: DatabaseID(rawValue: Int64(first) ?? 0)
                        )
                    )
                }
            )
        case "database":
            return DecodedRecord(
                key: .database(DatabaseID(rawValue: Int64(second) ?? 0)),
                value: text.map { text in
                    .database(
                        DatabaseDefinition(
                            id: DatabaseID(rawValue: Int64(second) ?? 0),
                            name: text
                        ),
                        .created
                    )
                },
                stamp: UInt64(first).map { HybridTimestamp(rawValue: $0) }
            )
        case "segment":
            return DecodedRecord(
                key: .segment(collection, partition.rawValue),
                value: text == "importing" ? .importedSegment : nil
            )
        default: return nil
        }
    }
}
