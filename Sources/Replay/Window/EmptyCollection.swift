package import Operations

/// A collection without its rows: what a truncation leaves, and what is made again on a target that cannot
/// truncate.
package struct EmptyCollection: Hashable, Sendable {
    /// With every partition that it has by now.
    package let definition: CollectionDefinition
    package let indexes: [IndexDefinition]
    package let aliases: [String]
    /// What is loaded; nil if nothing is.
    package let load: Load?

    /// What is loaded of a collection, by the names of partitions; nil means the whole.
    package struct Load: Hashable, Sendable {
        package let partitions: [String]?
        package let replicas: Int32

        package init(partitions: [String]?, replicas: Int32) {
            self.partitions = partitions
            self.replicas = replicas
        }
    }

    package init(
        definition: CollectionDefinition,
        indexes: [IndexDefinition] = [],
        aliases: [String] = [],
        load: Load? = nil
    ) {
        self.definition = definition
        self.indexes = indexes
        self.aliases = aliases
        self.load = load
    }
}

extension Translation {
    func truncate(_ id: CollectionID) -> [StepDraft] {
        guard let held = definitions.collections[id], let name = target(of: id, in: definitions)
        else { return [] }
        var definition = held.definition
        definition.partitions = held.partitions.values.sorted { $0.id < $1.id }
        let empty = EmptyCollection(
            definition: definition,
            indexes: held.indexes.values.sorted { $0.id < $1.id },
            aliases: definitions.aliases.filter { $0.collection == id }.map(\.name).sorted(),
            load: held.load.map { load in
                EmptyCollection.Load(
                    partitions: load.partitions?.compactMap { held.partitions[$0]?.name },
                    replicas: load.replicas
                )
            }
        )
        return [
            StepDraft(
                .truncateCollection(name, empty),
                lanes: lanes(of: name, id, in: definitions),
                collection: id
            )
        ]
    }
}

extension Target {
    /// Empties a collection by dropping it and making it again.
    package func remake(_ name: CollectionName, _ empty: EmptyCollection) async throws {
        try await dropCollection(name)
        try await createCollection(name, empty.definition)
        for index in empty.indexes { try await createIndex(index, on: name) }
        if let load = empty.load {
            try await self.load(name, partitions: load.partitions, replicas: load.replicas)
        }
        for alias in empty.aliases { try await createAlias(alias, of: name) }
    }

    /// For targets that cannot truncate.
    package func truncateCollection(_ name: CollectionName, _ empty: EmptyCollection) async throws {
        try await remake(name, empty)
    }
}
