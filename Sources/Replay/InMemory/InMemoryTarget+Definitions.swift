package import Operations

extension InMemoryTarget {
    package func createDatabase(_ name: String, properties: [Property]) async throws {
        try await take(InMemoryCall(.createDatabase, name)) { contents throws(TargetFailure) in
            contents.databases.insert(name)
        }
    }

    package func alterDatabase(_ name: String, properties: [Property]) async throws {
        try await take(InMemoryCall(.alterDatabase, name)) { contents throws(TargetFailure) in
            guard contents.databases.contains(name) else {
                throw TargetFailure(code: .rejected, message: "There is no database \(name).")
            }
            contents.databaseProperties[name] = properties
        }
    }

    package func dropDatabase(_ name: String) async throws {
        try await take(InMemoryCall(.dropDatabase, name)) { contents throws(TargetFailure) in
            guard !contents.collections.keys.contains(where: { $0.database == name }) else {
                throw TargetFailure(code: .rejected, message: "\(name) is not empty.")
            }
            contents.databases.remove(name)
        }
    }

    package func createCollection(
        _ name: CollectionName,
        _ definition: CollectionDefinition
    ) async throws {
        try await take(InMemoryCall(.createCollection, "\(name)")) {
            contents throws(TargetFailure) in
            try contents.create(name, definition)
        }
    }

    package func dropCollection(_ name: CollectionName) async throws {
        try await take(InMemoryCall(.dropCollection, "\(name)")) {
            contents throws(TargetFailure) in
            contents.collections[name] = nil
            contents.aliases = contents.aliases.filter { $0.value != name }
        }
    }

    package func renameCollection(_ name: CollectionName, to newName: CollectionName) async throws {
        try await take(InMemoryCall(.renameCollection, "\(name) to \(newName)")) {
            contents throws(TargetFailure) in
            try contents.rename(name, to: newName)
        }
    }

    package func alterCollection(
        _ name: CollectionName,
        _ definition: CollectionDefinition
    ) async throws {
        try await take(InMemoryCall(.alterCollection, "\(name)")) {
            contents throws(TargetFailure) in
            try contents.change(name) { _ throws(TargetFailure) in }
        }
    }

    package func createPartition(_ partition: String, of name: CollectionName) async throws {
        try await take(InMemoryCall(.createPartition, "\(partition) of \(name)")) {
            contents throws(TargetFailure) in
            try contents.change(name) { collection throws(TargetFailure) in
                _ = collection.partitions.insert(partition)
            }
        }
    }

    package func dropPartition(_ partition: String, of name: CollectionName) async throws {
        try await take(InMemoryCall(.dropPartition, "\(partition) of \(name)")) {
            contents throws(TargetFailure) in
            try contents.change(name) { collection throws(TargetFailure) in
                _ = collection.partitions.remove(partition)
            }
        }
    }

    package func alterIndex(_ index: IndexDefinition, on name: CollectionName) async throws {
        try await take(InMemoryCall(.alterIndex, "\(index.name) on \(name)")) {
            contents throws(TargetFailure) in
            try contents.change(name) { collection throws(TargetFailure) in
                guard collection.indexes[index.name] != nil else {
                    throw TargetFailure(
                        code: .rejected,
                        message: "There is no index \(index.name)."
                    )
                }
                collection.indexes[index.name] = index
            }
        }
    }

    package func createIndex(_ index: IndexDefinition, on name: CollectionName) async throws {
        try await take(InMemoryCall(.createIndex, "\(index.name) on \(name)")) {
            contents throws(TargetFailure) in
            try contents.change(name) { collection throws(TargetFailure) in
                if let present = collection.indexes[index.name], present != index {
                    throw TargetFailure(code: .conflict, message: "\(index.name) is another index.")
                }
                collection.indexes[index.name] = index
            }
        }
    }

    package func dropIndex(_ index: IndexDefinition, on name: CollectionName) async throws {
        try await take(InMemoryCall(.dropIndex, "\(index.name) on \(name)")) {
            contents throws(TargetFailure) in
            try contents.change(name) { collection throws(TargetFailure) in
                collection.indexes[index.name] = nil
            }
        }
    }

    package func load(
        _ name: CollectionName,
        partitions: [String]?,
        replicas: Int32
    ) async throws {
        try await take(InMemoryCall(.load, "\(name) \(partitions ?? [])")) {
            contents throws(TargetFailure) in
            try contents.change(name) { collection throws(TargetFailure) in
                collection.loaded = partitions.map { (collection.loaded ?? []).union($0) } ?? []
            }
        }
    }

    package func release(_ name: CollectionName, partitions: [String]?) async throws {
        try await take(InMemoryCall(.release, "\(name) \(partitions ?? [])")) {
            contents throws(TargetFailure) in
            try contents.change(name) { collection throws(TargetFailure) in
                collection.loaded = partitions.flatMap { collection.loaded?.subtracting($0) }
            }
        }
    }

    package func flush(_ name: CollectionName) async throws {
        try await take(InMemoryCall(.flush, "\(name)")) { contents throws(TargetFailure) in
            try contents.change(name) { _ throws(TargetFailure) in }
        }
    }

    package func createAlias(_ alias: String, of name: CollectionName) async throws {
        try await setAlias(alias, of: name, kind: .createAlias)
    }

    package func alterAlias(_ alias: String, of name: CollectionName) async throws {
        try await setAlias(alias, of: name, kind: .alterAlias)
    }

    package func dropAlias(_ alias: String, in database: String) async throws {
        let key = CollectionName(database: database, collection: alias)
        try await take(InMemoryCall(.dropAlias, "\(key)")) { contents throws(TargetFailure) in
            contents.aliases[key] = nil
        }
    }

    private func setAlias(
        _ alias: String,
        of name: CollectionName,
        kind: OperationKind
    ) async throws {
        let key = CollectionName(database: name.database, collection: alias)
        try await take(InMemoryCall(kind, "\(alias) of \(name)")) {
            contents throws(TargetFailure) in
            guard contents.collections[key] == nil else {
                throw TargetFailure(code: .conflict, message: "\(key) is a collection.")
            }
            if kind == .createAlias, let held = contents.aliases[key], held != name {
                throw TargetFailure(code: .conflict, message: "\(alias) is the alias of \(held).")
            }
            try contents.change(name) { _ throws(TargetFailure) in }
            contents.aliases[key] = name
        }
    }
}
