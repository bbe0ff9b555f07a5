internal import Capture
internal import Operations

/// What a key of etcd is about, read from its path.
///
/// Source: `internal/metastore/kv/{rootcoord,datacoord,querycoord,streamingnode}` of Milvus 2.3 to 2.6.
struct MetadataPath: Hashable {
    let key: MetadataKey
    /// Where the key is a timestamped copy: the timestamp behind its last `_ts`.
    let stamp: HybridTimestamp?

    /// Reads a key below the meta path, such as `root-coord/fields/<collection>/<field>`; nil if it is not
    /// about definitions.
    ///
    /// - Throws: if the key is, but has something else where an id is due.
    init?(_ path: String) throws(WireFailure) {
        let snapshots = "snapshots/"
        var rest = path[...]
        stamp = path.hasPrefix(snapshots) ? Self.cutStamp(&rest, snapshots) : nil
        guard path.hasPrefix(snapshots) == (stamp != nil) else { return nil }
        guard let key = try Self.key(rest.split(separator: "/", omittingEmptySubsequences: false))
        else { return nil }
        self.key = key
    }

    /// Cuts the prefix and `_ts<decimal>` off.
    private static func cutStamp(_ path: inout Substring, _ prefix: String) -> HybridTimestamp? {
        guard let digits = path.lastIndex(of: "_").map({ path[$0...] }), digits.hasPrefix("_ts"),
            let stamp = UInt64(digits.dropFirst(3))
        else { return nil }
        path = path[..<digits.startIndex].dropFirst(prefix.count)
        return HybridTimestamp(rawValue: stamp)
    }

    private static func key(_ parts: [Substring]) throws(WireFailure) -> MetadataKey? {
        let ids = parts.last ?? ""
        switch (parts.first, parts.count) {
        case ("root-coord", 3...): return try rootKey(parts.dropFirst())
        case ("field-index", 3):
            return .index(try collection(parts[1]), IndexID(rawValue: try id(parts[2])))
        case ("querycoord-collection-loadinfo", 2): return .collectionLoad(try collection(ids))
        case ("querycoord-partition-loadinfo", 3):
            return .partitionLoad(try collection(parts[1]), PartitionID(rawValue: try id(ids)))
        case ("datacoord-meta", 5) where parts[1] == "s":
            return .segment(try collection(parts[2]), try id(ids))
        case ("datacoord-meta", 3) where parts[1] == "channel-cp":
            return .checkpoint(channel: String(ids))
        case ("streamingnode-meta", 4) where parts[1] == "wal" && ids == "consume-checkpoint":
            return .log(PhysicalChannel(String(parts[2])))
        default: return nil
        }
    }

    /// Keys of the root coordinator; those without a database are from before Milvus 2.2.9.
    private static func rootKey(_ parts: ArraySlice<Substring>) throws(WireFailure) -> MetadataKey?
    {
        let parts = Array(parts)
        if let access = AccessPath.key(parts.map(String.init)) { return .access(access) }
        switch (parts[0], parts.count) {
        case ("database", 3) where parts[1] == "db-info": return .database(try database(parts[2]))
        case ("database", 4) where parts[1] == "collection-info":
            return .collection(try database(parts[2]), try collection(parts[3]))
        case ("database", 4) where parts[1] == "aliases":
            return .alias(try database(parts[2]), String(parts[3]))
        case ("fields", 3): return .field(try collection(parts[1]), try id(parts[2]))
        case ("struct-array-fields", 3):
            return .structField(try collection(parts[1]), try id(parts[2]))
        case ("functions", 3): return .function(try collection(parts[1]), try id(parts[2]))
        case ("partitions", 3):
            return .partition(try collection(parts[1]), PartitionID(rawValue: try id(parts[2])))
        case ("collection", 2): return .collection(.default, try collection(parts[1]))
        case ("aliases", 2): return .alias(.default, String(parts[1]))
        default: return nil
        }
    }

    private static func database(_ part: Substring) throws(WireFailure) -> DatabaseID {
        DatabaseID(rawValue: try id(part))
    }

    private static func collection(_ part: Substring) throws(WireFailure) -> CollectionID {
        CollectionID(rawValue: try id(part))
    }

    private static func id(_ part: Substring) throws(WireFailure) -> Int64 {
        guard let id = Int64(part) else { throw WireFailure("\"\(part)\" is not an id") }
        return id
    }
}
