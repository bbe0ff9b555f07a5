internal import Operations

/// Where a task begins whose request names positions: at the earliest of them.
///
/// Positions are given for each channel, and a backup holds what each channel had up to its own. So what lies between
/// the earliest and the latest may be on the target already, and is applied so that it can be repeated.
struct CDCStart: Hashable, Sendable {
    /// As tasks write it.
    let text: String
    /// Up to where the target may hold things already; nil where it holds nothing of this.
    let doubtThrough: HybridTimestamp?

    /// - Throws: `CDCFailure`.
    init(_ request: CDCCreateRequest) throws {
        var timestamps: [HybridTimestamp] = []
        let lists = [request.collections ?? []] + (request.databases ?? [:]).values
        for collection in lists.joined() {
            var owner: Int64?
            for (channel, text) in (collection.positions ?? [:]).sorted(by: { $0.key < $1.key }) {
                let position = try Self.decode(text, "fail to decode the position data")
                let id = CDCPosition.parse(channel)?.collection
                guard owner == nil || owner == id else {
                    throw CDCFailure.client(
                        "the channel position info should be in the same collection"
                    )
                }
                owner = id
                timestamps.append(try Self.timestamp(of: position, channel))
            }
        }
        if !request.rpcPosition.isEmpty {
            let position = try Self.decode(
                request.rpcPosition,
                "fail to decode the rpc position data"
            )
            // One without a timestamp says nothing that a journal needs.
            if position.timestamp > .zero { timestamps.append(position.timestamp) }
        }
        guard let first = timestamps.min() else {
            text = "earliest"
            doubtThrough = nil
            return
        }
        text = "tso:\(first)"
        doubtThrough = timestamps.max()
    }

    private static func decode(_ text: String, _ attempt: String) throws -> CDCPosition {
        do {
            return try CDCPosition(base64: text)
        } catch {
            throw CDCFailure.server("\(attempt): \(error)")
        }
    }

    private static func timestamp(
        of position: CDCPosition,
        _ channel: String
    ) throws -> HybridTimestamp {
        guard position.timestamp > .zero else {
            throw CDCFailure.client(
                "the position of \(channel) has no timestamp, which is where a journal is entered"
            )
        }
        return position.timestamp
    }
}

extension CDCCreateRequest {
    /// Its mappings as rename rules.
    var renames: [String] {
        mappings.flatMap { mapping -> [String] in
            let (from, to) = (mapping.sourceDatabase, mapping.targetDatabase)
            guard !mapping.collections.isEmpty else { return ["\(from).*=\(to).*"] }
            return mapping.collections.sorted { $0.key < $1.key }
                .map { "\(from).\($0.key)=\(to).\($0.value)" }
        }
    }

    /// What its mappings rename.
    var mappedNames: [String] {
        mappings.flatMap { mapping -> [String] in
            guard !mapping.collections.isEmpty else { return ["\(mapping.sourceDatabase).*"] }
            return mapping.collections.keys.sorted().map { "\(mapping.sourceDatabase).\($0)" }
        }
    }
}
