internal import Operations

/// How the entries of a request are spread over calls.
enum RowGroups {
    /// Runs of adjacent entries, none above what a server is sent at once unless one entry alone is.
    static func sized(_ rows: [Rows], for server: MilvusServer) -> [[Rows]] {
        sized(rows, bytesMax: server.requestSizeMaxBytes, rowsMax: server.requestRowsMax)
    }

    /// Runs of adjacent entries, none above the limits unless one entry alone is.
    static func sized(
        _ rows: [Rows],
        bytesMax: Int = .max,
        rowsMax: Int = .max
    ) -> [[Rows]] {
        var groups: [[Rows]] = []
        var bytes = 0
        var count = 0
        for entry in rows {
            let fits = bytes + entry.columns.count <= bytesMax && count + entry.count <= rowsMax
            if groups.isEmpty == false, fits {
                groups[groups.count - 1].append(entry)
            } else {
                groups.append([entry])
                (bytes, count) = (0, 0)
            }
            bytes += entry.columns.count
            count += entry.count
        }
        return groups
    }

    /// Divides runs of adjacent entries so that no key is in two entries of one run.
    ///
    /// A server keeps both rows of a key that is twice in one upsert (Milvus before 2.6.9) or refuses it, so
    /// entries that replace each other's rows go into different calls. One entry stays whole: what the source
    /// did with a key that is in it twice, a target of the same version does too.
    static func distinct(_ runs: [[Rows]], key: String) throws(CodingFailure) -> [[Rows]] {
        var groups: [[Rows]] = []
        for group in runs {
            guard group.count > 1 else {
                groups.append(group)
                continue
            }
            var seen: Set<PrimaryKeyValue> = []
            var isNew = true
            for entry in group {
                let keys = try entry.primaryKeys(field: key)
                if isNew || seen.isDisjoint(with: keys) == false {
                    groups.append([])
                    seen = []
                    isNew = false
                }
                groups[groups.count - 1].append(entry)
                seen.formUnion(keys)
            }
        }
        return groups
    }
}
