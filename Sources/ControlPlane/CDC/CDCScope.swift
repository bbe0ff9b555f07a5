internal import Catalog

/// Which collections tasks of one target take, as milvus-cdc compares them: full names, with `*` for a whole part.
struct CDCScope: Hashable, Sendable {
    /// `database.collection`, in the order of the request.
    let names: [String]

    init(_ request: CDCCreateRequest) {
        let plain = (request.collections ?? []).map { "default.\($0.name)" }
        let others = (request.databases ?? [:]).sorted { $0.key < $1.key }
            .flatMap { database, collections in collections.map { "\(database).\($0.name)" } }
        names = plain + others
    }

    init(_ task: ReplicationTask) {
        names =
            task.include.isEmpty
            ? ["*.*"]
            : task.include.map { $0 == "*" ? "*.*" : $0.contains(".") ? $0 : "default.\($0)" }
    }

    /// What of this a task takes already, whose target is the same.
    func duplicates(in others: [CDCScope], excluded: Set<String>) -> [String] {
        let taken = others.flatMap(\.names)
        return names.filter { name in
            if taken.contains(name) { return true }
            guard name != "*.*" else { return false }
            return taken.contains {
                $0.contains("*") && Self.covers($0, name) && !excluded.contains(name)
            }
        }
    }

    /// What others take of what a pattern of this one covers; this task leaves it to them.
    func exclusions(from others: [CDCScope]) -> [String] {
        var result: [String] = []
        for name in names {
            for other in others.flatMap(\.names)
            where Self.covers(name, other) && !result.contains(other) {
                result.append(other)
            }
        }
        return result
    }

    /// Whether a name, of a mapping, is within this.
    func contains(_ name: String) -> Bool { names.contains { Self.covers($0, name) } }

    private static func covers(_ sample: String, _ name: String) -> Bool {
        let (sample, name) = (parts(sample), parts(name))
        return (sample.database == name.database || sample.database == "*")
            && (sample.collection == name.collection || sample.collection == "*")
    }

    private static func parts(_ name: String) -> (database: Substring, collection: Substring) {
        guard let dot = name.firstIndex(of: ".") else { return ("default", name[...]) }
        return (name[..<dot], name[name.index(after: dot)...])
    }
}
