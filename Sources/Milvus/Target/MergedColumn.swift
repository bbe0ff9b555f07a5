/// The columns of one field of several entries, becoming one.
///
/// Values are never decoded: packed numbers are laid end to end, and so are repeated texts and bytes, since
/// the records of one repeated field may simply follow each other. Only sparse vectors carry something that
/// is not additive, their dimension: the largest counts.
struct MergedColumn {
    private let first: ColumnParts
    private var contents: [ColumnParts.Content] = []
    /// For each entry how many rows it has, and which are null if it tells.
    private var validities: [(rowCount: Int, ArraySlice<UInt8>)] = []
    private var isNullable = false

    /// The field's name, as UTF-8.
    var name: ArraySlice<UInt8> { first.name }

    init(_ column: ColumnParts, rowCount: Int) throws(WireFailure) {
        first = column
        try add(column, rowCount: rowCount)
    }

    /// Appends the rows of another entry.
    mutating func add(_ column: ColumnParts, rowCount: Int) throws(WireFailure) {
        guard column.type == first.type else {
            throw WireFailure(
                "the column \(column.nameText) has type \(first.type) in one entry and"
                    + " \(column.type) in another"
            )
        }
        guard let content = column.content else { return }
        validities.append((rowCount, column.validity))
        guard column.validity.isEmpty == false else { return contents.append(content) }
        guard column.validity.count == rowCount else {
            throw WireFailure(
                "the column \(column.nameText) tells of \(column.validity.count) rows which are null,"
                    + " and has \(rowCount) rows"
            )
        }
        isNullable = true
        contents.append(try NullRows.removed(from: content, validity: column.validity))
    }

    /// The one column, as a `milvus.proto.schema.FieldData` without a field id.
    var fieldData: ByteRope {
        get throws(WireFailure) {
            if contents.count == 1, isNullable == false { return first.withoutID }
            var head: [UInt8] = [0x08]
            head.appendVarint(first.type)
            head.appendRecord(tag: 0x12, first.name)
            var result = ByteRope(head)
            result.append(try content)
            if first.isDynamic { result.append([0x30, 0x01]) }
            if isNullable { result.append(validity.record(tag: 0x3a)) }
            return result
        }
    }

    /// One byte a row, 0 for null.
    private var validity: ByteRope {
        var result = ByteRope()
        for (rowCount, told) in validities {
            result.append(told.isEmpty ? [UInt8](repeating: 1, count: rowCount)[...] : told)
        }
        return result
    }

    /// The `scalars` or `vectors` of the column.
    private var content: ByteRope {
        get throws(WireFailure) {
            switch contents[0] {
            case .scalars(let member, _):
                return try scalars(member).record(tag: 0x1a)
            case .vectors(let member, let dimension, _):
                return try vectors(member, dimension).record(tag: 0x22)
            }
        }
    }

    private func scalars(_ member: UInt64) throws(WireFailure) -> ByteRope {
        var parts: [ArraySlice<UInt8>] = []
        for content in contents {
            guard case .scalars(member, let bytes) = content else { throw mismatch }
            parts.append(bytes)
        }
        let isPacked = (1...5).contains(member)
        return try Self.joined(parts, packed: isPacked).record(tag: UInt8(member << 3 | 2))
    }

    private func vectors(_ member: UInt64, _ dimension: UInt64) throws(WireFailure) -> ByteRope {
        var parts: [ArraySlice<UInt8>] = []
        var largest = dimension
        for content in contents {
            guard case .vectors(member, let other, let bytes) = content else { throw mismatch }
            guard other == dimension || member == 6 else {
                throw WireFailure(
                    "the column \(first.nameText) has vectors of \(dimension) and of \(other) dimensions"
                )
            }
            largest = max(largest, other)
            parts.append(bytes)
        }
        let values: ByteRope
        switch member {
        case 2: values = try Self.joined(parts, packed: true)
        case 3, 4, 5, 7: values = Self.concatenated(parts)
        case 6: (values, largest) = try SparseVectors.joined(parts, dimension: largest)
        default: throw WireFailure("the column \(first.nameText) has vectors of kind \(member)")
        }
        var head: [UInt8] = [0x08]
        head.appendVarint(largest)
        var result = ByteRope(head)
        result.append(values.record(tag: UInt8(member << 3 | 2)))
        return result
    }

    private var mismatch: WireFailure {
        WireFailure("the column \(first.nameText) holds values of different kinds")
    }

    /// Messages of one repeated field, as one: packed numbers in one record, others record by record.
    private static func joined(
        _ parts: [ArraySlice<UInt8>],
        packed: Bool
    ) throws(WireFailure) -> ByteRope {
        guard packed else { return concatenated(parts) }
        var numbers = ByteRope()
        for part in parts {
            var cursor = WireCursor(0..<part.count)
            while let record = try cursor.next(part.span) {
                // Numbers one by one are as valid, if unusual; then everything is left as it is.
                guard record.field == 1, record.kind == .bytes else { return concatenated(parts) }
                numbers.append(part.part(record.content))
            }
        }
        return numbers.record(tag: 0x0a)
    }

    private static func concatenated(_ parts: [ArraySlice<UInt8>]) -> ByteRope {
        var result = ByteRope()
        for part in parts { result.append(part) }
        return result
    }
}
