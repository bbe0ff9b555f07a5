internal import MilvusAPI
internal import Operations
internal import Synchronization

extension MilvusServer {
    /// The property that lets a collection whose keys the server makes take those that it is given.
    static let keysProperty = "allow_insert_auto_id"

    /// Whether the server knows that property.
    var knowsKeysProperty: Bool {
        isLite == false
            && (version >= Version(2, 6, 3)
                || (Version(2, 5, 19)..<Version(2, 6, 0)).contains(version))
    }

    /// Whether a collection with these properties, whose keys the server makes, takes those that it is given.
    func takesKeys(_ properties: [Milvus_Proto_Common_KeyValuePair]) -> Bool {
        if isLite { return true }
        return knowsKeysProperty
            && properties.contains { pair in
                pair.key == Self.keysProperty && pair.value.lowercased() == "true"
            }
    }
}

/// Which collections of a server make keys themselves, as far as it was asked.
final class MadeKeys: Sendable {
    private let known = Mutex<[CollectionName: Bool]>([:])

    /// Whether a collection makes its keys; asks only once, until `forget`.
    func isMaking(
        _ name: CollectionName,
        ask: () async throws -> Bool
    ) async throws -> Bool {
        if let isMaking = known.withLock({ $0[name] }) { return isMaking }
        let isMaking = try await ask()
        known.withLock { $0[name] = isMaking }
        return isMaking
    }

    /// Forgets what was told of a name, which means something else from now on.
    func forget(_ name: CollectionName) { known.withLock { $0[name] = nil } }
}

extension MilvusConnection {
    /// Whether an upsert would give its rows other keys: where the server makes them and takes those it is given in
    /// inserts only.
    ///
    /// Source: `internal/proxy/task_upsert.go` of Milvus 2.4.8 and later.
    func remakesKeys(_ name: CollectionName) async throws -> Bool {
        guard try await server().knowsKeysProperty else { return false }
        return try await madeKeys.isMaking(name) {
            guard let found = try await collection(name) else { return false }
            return found.schema.autoID || found.schema.fields.contains(where: \.autoID)
        }
    }
}
