internal import MilvusAPI
internal import Replay

/// The parts of one column of one entry: slices of a `milvus.proto.schema.FieldData`.
struct ColumnParts {
    /// What holds the values.
    enum Content {
        /// A member of `ScalarField`, by its field number, and the message it holds.
        case scalars(member: UInt64, ArraySlice<UInt8>)
        /// A member of `VectorField`, by its field number, and its content.
        case vectors(member: UInt64, dimension: UInt64, ArraySlice<UInt8>)
    }

    /// `milvus.proto.schema.DataType`.
    private(set) var type: UInt64 = 0
    private(set) var name: ArraySlice<UInt8> = []
    private(set) var isDynamic = false
    private(set) var content: Content?
    /// One byte a row, 0 for null; empty where the column cannot hold null.
    private(set) var validity: ArraySlice<UInt8> = []
    private let bytes: ArraySlice<UInt8>
    private var fieldID: Range<Int>?
    private var nameRecord: Range<Int>?

    /// Reads one column.
    ///
    /// - Throws: `WireFailure` if the bytes are not one; `TargetFailure` with code `unsupported` for a type
    ///   that no version of Milvus up to 2.6 has.
    init(_ bytes: ArraySlice<UInt8>) throws {
        self.bytes = bytes
        var dimension: UInt64 = 0
        var cursor = WireCursor(0..<bytes.count)
        while let record = try cursor.next(bytes.span) {
            switch record.field {
            case 1: type = try record.number
            case 2:
                name = bytes.part(try record.body)
                nameRecord = record.start..<cursor.position
            case 3: content = try Self.scalars(bytes.part(try record.body))
            case 4:
                let vectors = bytes.part(try record.body)
                content = try Self.vectors(vectors, &dimension)
            case 5: fieldID = record.start..<cursor.position
            case 6: isDynamic = try record.number != 0
            case 7: validity = bytes.part(try record.body)
            default:
                throw WireFailure("the column \(nameText) has the unknown field \(record.field)")
            }
        }
        guard Self.known.contains(type) else {
            throw TargetFailure(
                code: .unsupported,
                message:
                    "The field \(nameText) has the data type \(type), whose form in a request is not known."
            )
        }
        if content == nil {
            // What is left of a column whose rows are all null.
            guard validity.isEmpty == false, validity.contains(where: { $0 != 0 }) == false else {
                throw WireFailure("the column \(nameText) holds no values")
            }
            content = .none(of: type, dimension: dimension)
        }
    }

    /// The whole column but its field id, which is the source's own, and under another name if one is given.
    func spliced(named newName: ArraySlice<UInt8>? = nil) -> ByteRope {
        var changes: [(old: Range<Int>, new: [UInt8])] = []
        if let fieldID { changes.append((fieldID, [])) }
        if let newName, let nameRecord {
            var record: [UInt8] = []
            record.appendRecord(tag: 0x12, newName)
            changes.append((nameRecord, record))
        }
        changes.sort { $0.old.lowerBound < $1.old.lowerBound }
        var rope = ByteRope()
        var position = 0
        for change in changes {
            rope.append(bytes.part(position..<change.old.lowerBound))
            rope.append(change.new[...])
            position = change.old.upperBound
        }
        rope.append(bytes.part(position..<bytes.count))
        return rope
    }

    /// The field's name, for messages.
    var nameText: String { String(decoding: name, as: UTF8.self) }

    /// The types up to Milvus 2.6 that the log holds; records stand in it field by field.
    private static let known: Set<UInt64> = [
        1, 2, 3, 4, 5, 10, 11, 20, 21, 22, 23, 24, 26, 100, 101, 102, 103, 104, 105, 106,
    ]

    private static func scalars(_ bytes: ArraySlice<UInt8>) throws(WireFailure) -> Content? {
        var found: Content?
        var cursor = WireCursor(0..<bytes.count)
        while let record = try cursor.next(bytes.span) {
            guard found == nil else { throw WireFailure("a column holds values of two kinds") }
            found = .scalars(member: record.field, bytes.part(try record.body))
        }
        return found
    }

    private static func vectors(
        _ bytes: ArraySlice<UInt8>,
        _ dimension: inout UInt64
    ) throws(WireFailure) -> Content? {
        var found: (member: UInt64, content: ArraySlice<UInt8>)?
        var cursor = WireCursor(0..<bytes.count)
        while let record = try cursor.next(bytes.span) {
            if record.field == 1 {
                dimension = try record.number
            } else {
                guard found == nil else { throw WireFailure("a column holds vectors of two kinds") }
                found = (record.field, bytes.part(try record.body))
            }
        }
        guard let found else { return nil }
        return .vectors(member: found.member, dimension: dimension, found.content)
    }
}

extension ArraySlice<UInt8> {
    /// A part, by offsets from the beginning, as a span over these bytes counts them.
    func part(_ range: Range<Int>) -> ArraySlice<UInt8> {
        self[(startIndex + range.lowerBound)..<(startIndex + range.upperBound)]
    }
}
