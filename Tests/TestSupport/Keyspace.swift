import FoundationEssentials

/// The whole metadata store at the end of one phase.
package struct Keyspace: Sendable {
    /// The name of a phase whose end was recorded, and the first part of its file's name.
    package enum Phase: String, Sendable, CaseIterable {
        case start = "00-start"
        case databases = "01-databases"
        case create = "02-create"
        case partitions = "03-partitions"
        case index = "04-index"
        case load = "05-load"
        case drop = "06-drop"
        case last = "07-last"
    }

    /// A key and its value.
    package struct Pair: Sendable {
        /// With the root, such as `by-dev/meta/…`.
        package let key: String
        package let value: [UInt8]
        package let modificationRevision: Int64
    }

    /// Zero at the start.
    package let tso: UInt64
    package let revision: Int64
    /// In key order.
    package let pairs: [Pair]
}

extension Recording {
    /// The metadata store at the end of a phase.
    package static func keyspace(_ phase: Keyspace.Phase) throws -> Keyspace {
        let decoder = JSONDecoder()
        let lines = try lines("etcd-\(phase.rawValue)")
        guard let first = lines.first else {
            throw Fixtures.Failure(description: "\(phase.rawValue) is empty")
        }
        let head = try decoder.decode(HeadLine.self, from: Data(first))
        let pairs = try lines.dropFirst().map { line in
            let pair = try decoder.decode(PairLine.self, from: Data(line))
            return Keyspace.Pair(
                key: pair.key,
                value: [UInt8](pair.value),
                modificationRevision: pair.mod_rev
            )
        }
        guard pairs.count == head.keys else {
            throw Fixtures.Failure(description: "\(phase.rawValue) has lost keys")
        }
        return Keyspace(tso: head.tso, revision: head.revision, pairs: pairs)
    }
}

private struct HeadLine: Decodable {
    let tso: UInt64
    let revision: Int64
    let keys: Int
}

private struct PairLine: Decodable {
    let key: String
    let value: Data
    let mod_rev: Int64
}
