import FoundationEssentials

/// A complete recording of a Milvus 2.3.5 server: its log, its metadata history, and what must come of it.
///
/// `Tests/Fixtures/milvus-2.3.5/README.md` says how it was made and what it holds.
package struct Recording: Sendable {
    /// One message of the log.
    package struct Message: Sendable, Decodable {
        package let topic: String
        package let offset: Int64
        /// The broker's, in unix milliseconds.
        package let timestamp: Int64
        package let value: [UInt8]

        private enum Keys: String, CodingKey { case topic, offset, timestamp, value }

        package init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: Keys.self)
            topic = try fields.decode(String.self, forKey: .topic)
            offset = try fields.decode(Int64.self, forKey: .offset)
            timestamp = try fields.decode(Int64.self, forKey: .timestamp)
            value = [UInt8](try fields.decode(Data.self, forKey: .value))
        }
    }

    /// One change of the metadata store; those of one transaction share a revision.
    package struct MetadataEvent: Sendable, Decodable {
        /// What happened to the key.
        package enum Kind: String, Sendable, Decodable {
            case put = "PUT"
            case delete = "DELETE"
        }

        package let rev: Int64
        package let type: Kind
        /// With the root, such as `by-dev/meta/…`.
        package let key: String
        /// Empty where the key was deleted.
        package let value: [UInt8]

        private enum Keys: String, CodingKey { case rev, type, key, value }

        package init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: Keys.self)
            rev = try fields.decode(Int64.self, forKey: .rev)
            type = try fields.decode(Kind.self, forKey: .type)
            key = try fields.decode(String.self, forKey: .key)
            value = [UInt8](try fields.decodeIfPresent(Data.self, forKey: .value) ?? Data())
        }
    }

    /// What the metadata keys of the recording begin with.
    package static let root = "by-dev/"

    /// By topic, then offset; every topic from offset 0.
    package let messages: [Message]
    /// In order, from the first revision.
    package let metadataEvents: [MetadataEvent]
    package let manifest: Manifest

    /// Reads the recording; about a second in a debug build, so share it among tests.
    package static func load() throws -> Recording {
        let decoder = JSONDecoder()
        func all<Line: Decodable>(_ name: String) throws -> [Line] {
            try lines(name).map { try decoder.decode(Line.self, from: Data($0)) }
        }
        return Recording(
            messages: try all("wal"),
            metadataEvents: try all("etcd-watch"),
            manifest: try decoder.decode(
                Manifest.self,
                from: Data(try Fixtures.read("milvus-2.3.5/manifest.json"))
            )
        )
    }

    /// The recording, read once for a test run.
    package static let milvus235 = Result { try load() }

    /// The lines of one of the recording's `.jsonl` files, such as `expected-wal`.
    package static func lines(_ name: String) throws -> [ArraySlice<UInt8>] {
        try Fixtures.lines("milvus-2.3.5/\(name).jsonl")
    }
}
