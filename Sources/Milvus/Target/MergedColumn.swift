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
    private var isNullable: Bool
    /// Whether values have another form in a request.
    private var isConverted = false

    /// The field's name, as UTF-8.
    var name: ArraySlice<UInt8> { first.name }

    /// `tellsValidity` says for each row that it has a value, even where the log does not.
    init(_ column: ColumnParts, rowCount: Int, tellsValidity: Bool = false) throws {
        first = column
        isNullable = tellsValidity
        try add(column, rowCount: rowCount)
    }

    /// Appends the rows of another entry.
    mutating func add(_ column: ColumnParts, rowCount: Int) throws {
        guard column.type == first.type else {
            throw WireFailure(
                "the column \(column.nameText) has type \(first.type) in one entry and"
                    + " \(column.type) in another"
            )
        }
        guard var content = column.content else { return }
        validities.append((rowCount, column.validity))
        if column.validity.isEmpty == false {
            guard column.validity.count == rowCount else {
                throw WireFailure(
                    "the column \(column.nameText) tells of \(column.validity.count) rows which are null,"
                        + " and has \(rowCount) rows"
                )
            }
            isNullable = true
            content = try NullRows.removed(from: content, validity: column.validity)
        }
        if content.isConverted {
            isConverted = true
            content = try content.converted(column.nameText)
        }
        contents.append(content)
    }

    /// The one column, as a `milvus.proto.schema.FieldData` without a field id, and under another name if one
    /// is given.
    func fieldData(named name: ArraySlice<UInt8>? = nil) throws(WireFailure) -> ByteRope {
        if contents.count == 1, isNullable == false, isConverted == false {
            return first.spliced(named: name)
        }
        var head: [UInt8] = [0x08]
        head.appendVarint(first.type)
        head.appendRecord(tag: 0x12, name ?? first.name)
        var result = ByteRope(head)
        result.append(try content)
        if first.isDynamic { result.append([0x30, 0x01]) }
        if isNullable { result.append(validity.record(tag: 0x3a)) }
        return result
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
        let isPacked = ColumnParts.Content.numbers.contains(member)
        return try Self.joined(parts, packed: isPacked).record(tag: UInt8(member << 3 | 2))
    }

    private func vectors(_ member: UInt64, _ dimension: UInt64) throws(WireFailure) -> ByteRope {
        var parts: [ArraySlice<UInt8>] = []
        var largest = dimension
        for content in contents {
            guard case .vectors(member, let other, let bytes) = content else { throw mismatch }
            // A column without a value need not tell.
            guard other == largest || member == 6 || other == 0 || largest == 0 else {
                throw WireFailure(
                    "the column \(first.nameText) has vectors of \(largest) and of \(other) dimensions"
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
        case 8: values = try VectorArrays.joined(parts)
        default: throw WireFailure("the column \(first.nameText) has vectors of kind \(member)")
        }
        var result = ByteRope()
        if largest > 0 {
            var head: [UInt8] = [0x08]
            head.appendVarint(largest)
            result.append(head[...])
        }
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
