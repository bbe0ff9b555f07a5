internal import Crypto
package import Operations

/// The rows of one collection: what its row operations come to, in memory.
///
/// For comparing and for tests. Operations must be given in journal order; like a source, the table keeps
/// every row that was inserted for a key, and shows the newest.
package struct RowTable: Sendable {
    private struct Row: Sendable {
        let columns: DecodedColumns
        let index: Int
        let partition: PartitionID?
    }

    private let primaryKey: String
    private let hasDynamicField: Bool
    private let hasPartitionKey: Bool
    /// For each key its rows, oldest first, never none.
    private var rows: [PrimaryKeyValue: [Row]] = [:]

    package init(_ definition: CollectionDefinition) {
        primaryKey = definition.primaryKey.field
        hasDynamicField = definition.hasDynamicField
        hasPartitionKey = definition.hasPartitionKey
    }

    /// How many keys there are.
    package var keyCount: Int { rows.count }

    /// How many rows there are, those hidden behind a newer one of the same key included.
    package var physicalCount: Int { rows.values.reduce(0) { $0 + $1.count } }

    /// The keys, ascending.
    package var keys: [PrimaryKeyValue] { rows.keys.sorted() }

    /// How many keys each partition holds; rows that came without a partition are not counted.
    package var keyCountByPartition: [PartitionID: Int] {
        rows.values.reduce(into: [:]) { counts, rows in
            if let partition = rows.last?.partition { counts[partition, default: 0] += 1 }
        }
    }
}

extension RowTable {
    /// Takes one operation on this collection in; definitions other than dropped partitions change nothing.
    ///
    /// - Throws: `CodingFailure` if keys or columns cannot be decoded.
    package mutating func apply(_ operation: Operation) throws(CodingFailure) {
        switch operation {
        case .insert(let rows): try insert(rows)
        case .delete(let keys): remove(try keys.primaryKeys(), from: keys.partition)
        case .upsert(let rows):
            // Where a key places the rows, the row to replace may be in another partition.
            let keys = try rows.primaryKeys(field: primaryKey)
            remove(keys, from: hasPartitionKey ? nil : rows.partition)
            try insert(rows)
        case .dropPartition(_, let partition): remove(Array(rows.keys), from: partition)
        default: break
        }
    }

    /// Adds rows that a query returned.
    package mutating func add(_ keys: [PrimaryKeyValue], _ columns: DecodedColumns) {
        for (index, key) in keys.enumerated() {
            rows[key, default: []].append(Row(columns: columns, index: index, partition: nil))
        }
    }

    private mutating func insert(_ inserted: Rows) throws(CodingFailure) {
        let keys = try inserted.primaryKeys(field: primaryKey)
        let columns = try DecodedColumns(inserted)
        for (index, key) in keys.enumerated() {
            rows[key, default: []].append(
                Row(columns: columns, index: index, partition: inserted.partition)
            )
        }
    }

    private mutating func remove(_ keys: [PrimaryKeyValue], from partition: PartitionID?) {
        for key in keys {
            guard let partition else {
                rows[key] = nil
                continue
            }
            rows[key]?.removeAll { $0.partition == partition }
            if rows[key]?.isEmpty == true { rows[key] = nil }
        }
    }
}

extension RowTable {
    /// The newest row of a key as one line: `[key,{field:value,…}]` in canonical JSON, without line feed.
    package func line(of key: PrimaryKeyValue) -> CanonicalText? {
        guard let row = rows[key]?.last else { return nil }
        var text = CanonicalText()
        text.append("[")
        key.write(to: &text)
        text.append(",")
        row.columns.write(row: row.index, hasDynamicField: hasDynamicField, to: &text)
        text.append("]")
        return text
    }

    /// The SHA-256, in hex, of all lines in key order, each ended by a line feed.
    ///
    /// Two collections with equal digests hold equal rows.
    package var digest: String {
        var hash = SHA256()
        for key in keys {
            guard let line = line(of: key) else { continue }
            hash.update(data: line.bytes)
            hash.update(data: [UInt8(ascii: "\n")])
        }
        var hex = CanonicalText()
        hex.append(hexOf: hash.finalize())
        return String(hex.text.dropFirst().dropLast())
    }
}
