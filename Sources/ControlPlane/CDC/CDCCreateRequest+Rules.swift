// What milvus-cdc refuses, in its order and its words. Several collections in one task it refuses too; here they
// are taken.

extension CDCCreateRequest {
    /// How long a name may be.
    static let nameMax = 256

    /// - Parameter rpcChannels: The side channels of the sources; one of them is meant if any is named.
    /// - Throws: `CDCFailure` for the first thing that is wrong.
    func check(rpcChannels: [String]) throws {
        try checkTarget()
        if bufferPeriod < 0 { throw CDCFailure.client("the cache period is less zero") }
        if bufferSize < 0 { throw CDCFailure.client("the cache size is less zero") }
        try checkScope()
        guard rpcChannel.isEmpty || rpcChannels.contains(rpcChannel) else {
            throw CDCFailure.client(
                "the rpc channel is invalid, the channel name should be the same as the source config"
            )
        }
    }

    private func checkTarget() throws {
        if milvus.isEmpty, kafkaAddress.isEmpty {
            throw CDCFailure.client("the downstream address is empty")
        }
        if !milvus.isEmpty, !kafkaAddress.isEmpty {
            throw CDCFailure.client("don't support milvus and kafka at the same time now")
        }
        if !milvus.isEmpty {
            if milvus.uri.isEmpty {
                if milvus.host.isEmpty { throw CDCFailure.client("the milvus host is empty") }
                if milvus.port <= 0 {
                    throw CDCFailure.client("the milvus port is less or equal zero")
                }
            }
            if milvus.username.isEmpty != milvus.password.isEmpty {
                throw CDCFailure.client("cannot set only one of the milvus username and password")
            }
            if milvus.connectTimeout < 0 {
                throw CDCFailure.client("the milvus connect timeout is less zero")
            }
        }
        if !kafkaAddress.isEmpty, kafkaTopic.isEmpty {
            throw CDCFailure.client("the kafka topic is empty")
        }
    }

    private func checkScope() throws {
        let collections = collections ?? []
        let databases = databases ?? [:]
        if collections.isEmpty, databases.isEmpty {
            throw CDCFailure.client("the collection info is empty")
        }
        if !collections.isEmpty, !databases.isEmpty {
            throw CDCFailure.client(
                "the collection info and db collection info should be only one"
            )
        }
        if !collections.isEmpty { try Self.check(collections) }
        for (database, collections) in databases.sorted(by: { $0.key < $1.key }) {
            if database.utf8.count > Self.nameMax {
                throw CDCFailure.client(
                    "the db name length exceeds \(Self.nameMax) characters, \(database)"
                )
            }
            try Self.check(collections)
        }
    }

    private static func check(_ collections: [CDCCollection]) throws {
        if collections.isEmpty { throw CDCFailure.client("empty collection info") }
        for collection in collections {
            let positions = collection.positions ?? [:]
            if collection.name == "*", !positions.isEmpty {
                throw CDCFailure.client(
                    "the collection name is `*`, the positions should be empty"
                )
            }
            for channel in positions.keys.sorted() where CDCPosition.parse(channel) == nil {
                throw CDCFailure.client(
                    "the position channel name is not virtual channel, \(channel)"
                )
            }
        }
        var message = ""
        if collections.contains(where: { $0.name.isEmpty }) {
            message += "there is a collection name that is empty. "
        }
        let long = collections.map(\.name).filter { $0.utf8.count > nameMax }
        if !long.isEmpty {
            message +=
                "there are some collection names whose length exceeds \(nameMax) characters, "
                + "[\(long.joined(separator: " "))]"
        }
        if !message.isEmpty { throw CDCFailure.client(message) }
    }
}
