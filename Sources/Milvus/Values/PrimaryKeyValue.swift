internal import MilvusAPI
package import Operations
internal import SwiftProtobuf

/// A primary key's value, compared as a source compares it: numbers by value, texts byte by byte.
///
/// A text is kept as its UTF-8, since Swift takes texts that are canonically equivalent in Unicode ("é" as
/// one character and as two) for equal, and a source does not.
package enum PrimaryKeyValue: Hashable, Comparable, Sendable {
    case int64(Int64)
    /// UTF-8.
    case varchar([UInt8])

    /// Numbers before texts; by code point, which in UTF-8 is by byte.
    package static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.int64(let left), .int64(let right)): left < right
        case (.varchar(let left), .varchar(let right)): left.lexicographicallyPrecedes(right)
        case (.int64, .varchar): true
        case (.varchar, .int64): false
        }
    }

    /// Appends the key as JSON.
    func write(to text: inout CanonicalText) {
        switch self {
        case .int64(let number): text.append(number: number)
        case .varchar(let utf8): text.append(string: utf8)
        }
    }
}

extension PrimaryKeyValue: CustomStringConvertible {
    package var description: String {
        var text = CanonicalText()
        write(to: &text)
        return text.text
    }
}

extension Rows {
    /// The primary key of every row, in row order.
    ///
    /// Only that column is decoded.
    ///
    /// - Throws: `CodingFailure` if the rows lack it.
    package func primaryKeys(
        _ definition: CollectionDefinition
    ) throws(CodingFailure) -> [PrimaryKeyValue] {
        try primaryKeys(field: definition.primaryKey.field)
    }

    func primaryKeys(field: String) throws(CodingFailure) -> [PrimaryKeyValue] {
        guard let bytes = try column(named: field) else {
            throw CodingFailure("rows without their primary key \(field)")
        }
        let column: DecodedColumn
        do {
            column = try DecodedColumn(Milvus_Proto_Schema_FieldData(serializedBytes: Array(bytes)))
        } catch {
            throw CodingFailure("the primary key \(field) cannot be decoded: \(error)")
        }
        let keys: [PrimaryKeyValue]
        switch column.values {
        case .integers(let numbers): keys = numbers.map(PrimaryKeyValue.int64)
        case .texts(let texts): keys = texts.map { .varchar(Array($0.utf8)) }
        default: throw CodingFailure("the primary key \(field) has the data type \(column.type)")
        }
        guard keys.count == count else {
            throw CodingFailure("\(keys.count) primary keys for \(count) rows")
        }
        return keys
    }

    /// The bytes of one column: a `milvus.proto.schema.FieldData`.
    private func column(named name: String) throws(CodingFailure) -> ArraySlice<UInt8>? {
        do throws(WireFailure) {
            let bytes = columns.span
            var cursor = WireCursor(0..<bytes.count)
            while let record = try cursor.next(bytes) {
                let body = try record.body
                var fields = WireCursor(body)
                while let field = try fields.next(bytes) {
                    guard field.field == 2 else { continue }
                    let start = columns.startIndex
                    let found = columns[
                        (start + field.content.lowerBound)..<(start + field.content.upperBound)
                    ]
                    guard found.elementsEqual(name.utf8) else { break }
                    return columns[(start + body.lowerBound)..<(start + body.upperBound)]
                }
            }
            return nil
        } catch {
            throw CodingFailure("columns that cannot be read: \(error.reason)")
        }
    }
}

extension DeletedKeys {
    /// The keys, in order.
    ///
    /// - Throws: `CodingFailure` if they cannot be decoded or are not as many as are told.
    package func primaryKeys() throws(CodingFailure) -> [PrimaryKeyValue] {
        let ids: Milvus_Proto_Schema_IDs
        do {
            ids = try Milvus_Proto_Schema_IDs(serializedBytes: Array(keys))
        } catch {
            throw CodingFailure("keys that cannot be decoded: \(error)")
        }
        let values: [PrimaryKeyValue] =
            switch ids.idField {
            case .intID(let list): list.data.map(PrimaryKeyValue.int64)
            case .strID(let list): list.data.map { .varchar(Array($0.utf8)) }
            case nil: []
            }
        guard values.count == count else {
            throw CodingFailure("\(values.count) keys where \(count) are told")
        }
        return values
    }
}
