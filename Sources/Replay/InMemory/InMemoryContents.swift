package import Operations

/// A row as in-memory targets understand it: a key and a value, 16 bytes in the columns of an entry.
///
/// Keys to delete are 8 bytes each.
package struct InMemoryRow: Hashable, Comparable, Sendable {
    package let key: Int64
    package let value: Int64

    package init(_ key: Int64, _ value: Int64) {
        self.key = key
        self.value = value
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.key, left.value) < (right.key, right.value)
    }

    /// The columns that hold these rows.
    package static func columns(_ rows: [InMemoryRow]) -> ArraySlice<UInt8> {
        var bytes = ByteWriter()
        for row in rows {
            bytes.write(row.key)
            bytes.write(row.value)
        }
        return bytes.bytes[...]
    }

    /// The bytes that hold these keys.
    package static func keys(_ keys: [Int64]) -> ArraySlice<UInt8> {
        var bytes = ByteWriter()
        for key in keys { bytes.write(key) }
        return bytes.bytes[...]
    }

    static func numbers(_ bytes: ArraySlice<UInt8>) -> [Int64] {
        var reader = ByteReader(bytes)
        var numbers: [Int64] = []
        while reader.remaining > 0, let number = try? reader.read(Int64.self) {
            numbers.append(number)
        }
        return numbers
    }

    static func rows(_ columns: ArraySlice<UInt8>) -> [InMemoryRow] {
        let numbers = numbers(columns)
        return stride(from: 0, to: numbers.count - 1, by: 2).map {
            InMemoryRow(numbers[$0], numbers[$0 + 1])
        }
    }
}

/// What an in-memory target holds.
package struct InMemoryContents: Hashable, Sendable {
    /// A collection with its rows.
    package struct Collection: Hashable, Sendable {
        /// The source's id of the collection it was created for.
        package let id: CollectionID
        package var partitions: Set<String>
        /// By name.
        package var indexes: [String: IndexDefinition] = [:]
        /// Ascending; a key may have several.
        package var rows: [InMemoryRow] = []
        /// Nil if it is not loaded; empty if all of it is.
        package var loaded: Set<String>?

        package init(id: CollectionID, partitions: Set<String>) {
            self.id = id
            self.partitions = partitions
        }
    }

    package var databases: Set<String> = ["default"]
    /// By database, those that were set.
    package var databaseProperties: [String: [Property]] = [:]
    package var collections: [CollectionName: Collection] = [:]
    /// By the alias, as a name in its database.
    package var aliases: [CollectionName: CollectionName] = [:]
    /// Users, roles and grants.
    package var access = AccessDefinitions()

    package init() {}

    mutating func change<Value>(
        _ name: CollectionName,
        _ body: (inout Collection) throws(TargetFailure) -> Value
    ) throws(TargetFailure) -> Value {
        guard var collection = collections[name] else {
            throw TargetFailure(code: .absent, message: "There is no collection \(name).")
        }
        defer { collections[name] = collection }
        return try body(&collection)
    }

    mutating func create(
        _ name: CollectionName,
        _ definition: CollectionDefinition
    ) throws(TargetFailure) {
        guard databases.contains(name.database) else {
            throw TargetFailure(
                code: .absent,
                message: "There is no database \(name.database)."
            )
        }
        guard aliases[name] == nil else {
            throw TargetFailure(code: .conflict, message: "\(name) is an alias.")
        }
        if let present = collections[name] {
            guard present.id == definition.id else {
                throw TargetFailure(code: .conflict, message: "\(name) is another collection.")
            }
            return
        }
        collections[name] = Collection(
            id: definition.id,
            partitions: Set(definition.partitions.map(\.name))
                .union([PartitionDefinition.defaultName])
        )
    }

    mutating func rename(
        _ name: CollectionName,
        to newName: CollectionName
    ) throws(TargetFailure) {
        guard let collection = collections[name] else {
            guard collections[newName] != nil else {
                throw TargetFailure(code: .absent, message: "There is no collection \(name).")
            }
            return
        }
        guard collections[newName] == nil else {
            throw TargetFailure(code: .conflict, message: "There is a collection \(newName).")
        }
        collections[name] = nil
        collections[newName] = collection
        for (alias, target) in aliases where target == name { aliases[alias] = newName }
    }
}
