internal import Capture
internal import Catalog
internal import Journal
internal import Operations
internal import Replay

extension Supervisor {
    /// Where the target of a task is, for each collection that it takes and each of its channels.
    ///
    /// One timestamp stands for all: everything up to the checkpoint is there. The offsets are told where the target
    /// is at the journal's end, since that is the place they belong to.
    func positions(of id: String) async throws -> CDCValue {
        guard let key = try? TaskID(id), let task = try await catalog.task(key),
            let source = sources.first(where: { $0.plan.name == task.source }),
            let journal = source.journal
        else { return Self.answer(nil) }
        let mark = try await document(of: task).checkpoint
        let timestamp = HybridTimestamp(rawValue: mark.tso)
        let position = journal.position
        let isAtEnd = mark.sequence >= journal.head.sequence.rawValue
        let definitions = journal.definitions()
        let projection = try Projection(task)
        var channels: [(collection: Int64, channel: PhysicalChannel)] = []
        for (id, collection) in definitions.collections {
            guard let name = definitions.name(of: id), projection.target(of: name) != nil else {
                continue
            }
            channels += collection.definition.virtualChannels.map { (id.rawValue, $0.physical) }
        }
        // milvus-cdc's number for the side channel.
        if let side = source.plan.options.sideChannel { channels.append((-10, side)) }
        let list = channels.sorted { ($0.collection, $0.channel) < ($1.collection, $1.channel) }
            .map { place in
                Self.position(
                    place.collection,
                    place.channel.name,
                    CDCPosition(
                        channel: place.channel.name,
                        offset: isAtEnd ? position.offsets[place.channel] : nil,
                        timestamp: timestamp
                    )
                )
            }
        return Self.answer(list.isEmpty ? nil : list)
    }

    private static func position(
        _ collection: Int64,
        _ channel: String,
        _ position: CDCPosition
    ) -> CDCValue {
        let milliseconds = position.timestamp.unixMilliseconds
        let next = HybridTimestamp(unixMilliseconds: milliseconds + 1)
        return .map([
            .init("collection_id", .integer(collection)), .init("channel_name", .text(channel)),
            .init("time", .integer(milliseconds)), .init("tt", .unsigned(next.rawValue)),
            .init("msg_id", .text(position.base64)),
        ])
    }

    private static func answer(_ positions: [CDCValue]?) -> CDCValue {
        let list = positions.map { CDCValue.list($0) } ?? .null
        return .map([
            .init("positions", list), .init("op_positions", list), .init("target_positions", .null),
        ])
    }
}
