internal import Capture
internal import FoundationEssentials
internal import MilvusAPI
internal import Operations
internal import SwiftProtobuf

extension MetadataValue {
    static func collection(
        _ database: DatabaseID,
        _ id: CollectionID,
        _ bytes: [UInt8]
    ) throws(WireFailure) -> MetadataValue {
        let info: Milvus_Proto_Etcd_CollectionInfo = try decoded(bytes)
        return .collection(
            CollectionRecord(
                id: id,
                database: database,
                name: info.schema.name,
                state: try state(info.state),
                schema: try CollectionAssembly.bytes(info.schema),
                virtualChannels: try channels(info),
                startOffsets: try startOffsets(info),
                consistencyLevel: Int32(truncatingIfNeeded: info.consistencyLevel.rawValue),
                properties: properties(info.properties),
                createdAt: HybridTimestamp(rawValue: info.createTime)
            )
        )
    }

    private static func state(
        _ state: Milvus_Proto_Etcd_CollectionState
    ) throws(WireFailure) -> DefinitionState {
        switch state {
        case .collectionCreated: .created
        case .collectionCreating: .creating
        case .collectionDropping: .dropping
        case .collectionDropped: .dropped
        case .UNRECOGNIZED(let state): throw WireFailure("its state is \(state)")
        }
    }

    /// The channels in shard order, which is the number that a virtual channel's name ends with.
    private static func channels(
        _ info: Milvus_Proto_Etcd_CollectionInfo
    ) throws(WireFailure) -> [VirtualChannel] {
        guard info.virtualChannelNames.count == info.physicalChannelNames.count else {
            throw WireFailure(
                "it has \(info.virtualChannelNames.count) virtual and"
                    + " \(info.physicalChannelNames.count) physical channels"
            )
        }
        var shards: [Int: VirtualChannel] = [:]
        for (name, topic) in zip(info.virtualChannelNames, info.physicalChannelNames) {
            let bytes = Array(name.utf8)
            let shard = try ShardName.shard(0..<bytes.count, bytes.span)
            shards[shard] = VirtualChannel(name: name, physical: PhysicalChannel(topic))
        }
        let ordered = (0..<info.virtualChannelNames.count).compactMap { shards[$0] }
        guard ordered.count == info.virtualChannelNames.count else {
            throw WireFailure("its virtual channels are not numbered from 0")
        }
        return ordered
    }

    private static func startOffsets(
        _ info: Milvus_Proto_Etcd_CollectionInfo
    ) throws(WireFailure) -> [PhysicalChannel: Int64] {
        var offsets: [PhysicalChannel: Int64] = [:]
        for position in info.startPositions {
            offsets[PhysicalChannel(position.key)] = try KafkaPosition.offset(position.data)
        }
        return offsets
    }
}
