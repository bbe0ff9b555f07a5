internal import Capture
internal import FoundationEssentials
internal import MilvusAPI
internal import Operations
internal import SwiftProtobuf

extension MetadataKey {
    /// What a value says under this key.
    ///
    /// Ids are taken from the key, since some servers leave them out of values.
    func value(of bytes: [UInt8]) throws(WireFailure) -> MetadataValue {
        switch self {
        case .database(let id): try MetadataValue.database(id, bytes)
        case .collection(let database, let id): try MetadataValue.collection(database, id, bytes)
        case .field: try MetadataValue.checkedField(bytes)
        case .structField: try MetadataValue.checkedStructField(bytes)
        case .function: try MetadataValue.checkedFunction(bytes)
        case .partition(_, let id): try MetadataValue.partition(id, bytes)
        case .alias(let database, let name): try MetadataValue.alias(database, name, bytes)
        case .index(let collection, let id): try MetadataValue.index(collection, id, bytes)
        case .collectionLoad(let id): try MetadataValue.load(id, bytes)
        case .partitionLoad(_, let id): .partitionLoad(id)
        case .access(let key): .access(try AccessValue(key, bytes))
        case .segment: .importedSegment
        case .checkpoint: try MetadataValue.checkpoint(bytes)
        case .log: .log(try LogCheckpoint(bytes.span).timestamp)
        case .clock: throw WireFailure("the clock is no protobuf message")
        }
    }
}

extension MetadataValue {
    fileprivate static func checkedField(_ bytes: [UInt8]) throws(WireFailure) -> MetadataValue {
        _ = try CollectionAssembly.field(bytes)
        return .field(bytes)
    }

    fileprivate static func checkedStructField(
        _ bytes: [UInt8]
    ) throws(WireFailure) -> MetadataValue {
        let field: Milvus_Proto_Schema_StructArrayFieldSchema = try decoded(bytes)
        guard field.name.isEmpty == false else { throw WireFailure("the field has no name") }
        return .field(bytes)
    }

    fileprivate static func checkedFunction(_ bytes: [UInt8]) throws(WireFailure) -> MetadataValue {
        let _: Milvus_Proto_Schema_FunctionSchema = try decoded(bytes)
        return .field(bytes)
    }

    fileprivate static func database(
        _ id: DatabaseID,
        _ bytes: [UInt8]
    ) throws(WireFailure) -> MetadataValue {
        let info: Milvus_Proto_Etcd_DatabaseInfo = try decoded(bytes)
        let state: DefinitionState =
            switch info.state {
            case .databaseUnknown, .databaseCreated: .created
            case .databaseCreating: .creating
            case .databaseDropping: .dropping
            case .databaseDropped: .dropped
            case .UNRECOGNIZED(let state): throw WireFailure("its state is \(state)")
            }
        return .database(
            DatabaseDefinition(id: id, name: info.name, properties: properties(info.properties)),
            state
        )
    }

    fileprivate static func partition(
        _ id: PartitionID,
        _ bytes: [UInt8]
    ) throws(WireFailure) -> MetadataValue {
        let info: Milvus_Proto_Etcd_PartitionInfo = try decoded(bytes)
        let state: DefinitionState =
            switch info.state {
            case .partitionCreated: .created
            case .partitionCreating: .creating
            case .partitionDropping: .dropping
            case .partitionDropped: .dropped
            case .UNRECOGNIZED(let state): throw WireFailure("its state is \(state)")
            }
        return .partition(
            PartitionDefinition(id: id, name: info.partitionName),
            createdAt: HybridTimestamp(rawValue: info.partitionCreatedTimestamp),
            state
        )
    }

    fileprivate static func alias(
        _ database: DatabaseID,
        _ name: String,
        _ bytes: [UInt8]
    ) throws(WireFailure) -> MetadataValue {
        let info: Milvus_Proto_Etcd_AliasInfo = try decoded(bytes)
        let state: DefinitionState =
            switch info.state {
            case .aliasCreated: .created
            case .aliasCreating: .creating
            case .aliasDropping: .dropping
            case .aliasDropped: .dropped
            case .UNRECOGNIZED(let state): throw WireFailure("its state is \(state)")
            }
        let collection = CollectionID(rawValue: info.collectionID)
        return .alias(
            AliasDefinition(database: database, name: name, collection: collection),
            state
        )
    }

    fileprivate static func index(
        _ collection: CollectionID,
        _ id: IndexID,
        _ bytes: [UInt8]
    ) throws(WireFailure) -> MetadataValue {
        let record: Milvus_Proto_Index_FieldIndex = try decoded(bytes)
        let info = record.indexInfo
        // Servers before 2.2.9 did not keep what the user gave; what they made of it is the nearest.
        let parameters = info.userIndexParams.isEmpty ? info.indexParams : info.userIndexParams
        return .index(
            IndexRecord(
                id: id,
                collection: collection,
                fieldID: info.fieldID,
                name: info.indexName,
                parameters: properties(parameters)
            ),
            createdAt: HybridTimestamp(rawValue: record.createTime),
            isDropped: record.deleted
        )
    }

    fileprivate static func load(
        _ collection: CollectionID,
        _ bytes: [UInt8]
    ) throws(WireFailure) -> MetadataValue {
        let info: Milvus_Proto_Query_CollectionLoadInfo = try decoded(bytes)
        return .collectionLoad(
            CollectionLoadRecord(
                collection: collection,
                isByPartition: info.loadType == .loadPartition,
                replicas: info.replicaNumber
            )
        )
    }

    fileprivate static func checkpoint(_ bytes: [UInt8]) throws(WireFailure) -> MetadataValue {
        let position: Milvus_Proto_Msg_MsgPosition = try decoded(bytes)
        let timestamp = HybridTimestamp(rawValue: position.timestamp)
        // A dropped channel keeps a record that points nowhere.
        guard timestamp != .max, position.msgID.isEmpty == false else {
            return .checkpoint(offset: nil, timestamp)
        }
        return .checkpoint(offset: try KafkaPosition.offset(position.msgID), timestamp)
    }
}

/// Sorted by key, since the source writes them in any order.
func properties(_ pairs: [Milvus_Proto_Common_KeyValuePair]) -> [Property] {
    pairs.map { Property(key: $0.key, value: $0.value) }.sorted()
}

/// A protobuf message, with a failure that a sentence can end with.
func decoded<Message: SwiftProtobuf.Message>(_ bytes: [UInt8]) throws(WireFailure) -> Message {
    do {
        return try Message(serializedBytes: bytes)
    } catch {
        throw WireFailure("it is not a \(Message.protoMessageName)")
    }
}
