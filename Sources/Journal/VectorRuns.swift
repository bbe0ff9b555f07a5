/// The numbers of one vector column, where they stand in a frame's raw bytes.
struct VectorRun: Hashable, Sendable {
    /// Where the first number begins.
    let offset: Int
    /// How many numbers.
    let count: Int
    /// Bytes of a number: 4 for float, 2 for float16 and bfloat16.
    let width: Int

    var byteCount: Int { count * width }
}

/// Finds the vectors in the columns of rows, which are `fields_data` records of Milvus' InsertRequest.
///
/// What it does not find is merely stored as other bytes are, so anything unexpected is passed over.
enum VectorRuns {
    /// A column with fewer bytes is not worth a run of its own.
    static let sizeMinBytes = 512

    /// Adds the runs of some columns, given by their range in the bytes.
    static func find(
        in columns: Range<Int>,
        of bytes: borrowing Span<UInt8>,
        to runs: inout [VectorRun]
    ) {
        var column = RecordCursor(columns)
        while let fieldData = column.next(bytes) {
            guard fieldData.field == Field.fieldsData else { continue }
            var parts = RecordCursor(fieldData.content)
            while let part = parts.next(bytes) {
                guard part.field == Field.vectors else { continue }
                findVectors(in: part.content, of: bytes, to: &runs)
            }
        }
    }

    private enum Field {
        /// Of InsertRequest.
        static let fieldsData: UInt64 = 13
        /// Of FieldData.
        static let vectors: UInt64 = 4
        /// Of VectorField.
        static let float: UInt64 = 2
        static let float16: UInt64 = 4
        static let bfloat16: UInt64 = 5
        /// Of FloatArray.
        static let data: UInt64 = 1
    }

    private static func findVectors(
        in vectors: Range<Int>,
        of bytes: borrowing Span<UInt8>,
        to runs: inout [VectorRun]
    ) {
        var kinds = RecordCursor(vectors)
        while let kind = kinds.next(bytes) {
            switch kind.field {
            case Field.float:
                var list = RecordCursor(kind.content)
                while let numbers = list.next(bytes) {
                    guard numbers.field == Field.data else { continue }
                    add(numbers.content, width: 4, to: &runs)
                }
            case Field.float16, Field.bfloat16: add(kind.content, width: 2, to: &runs)
            default: break
            }
        }
    }

    private static func add(_ content: Range<Int>, width: Int, to runs: inout [VectorRun]) {
        let count = content.count / width
        guard count * width >= sizeMinBytes else { return }
        runs.append(VectorRun(offset: content.lowerBound, count: count, width: width))
    }
}

/// Walks over those records of a protobuf message that have a content; ends at whatever it does not understand.
private struct RecordCursor {
    private var position: Int
    private let end: Int

    init(_ range: Range<Int>) {
        position = range.lowerBound
        end = range.upperBound
    }

    /// The next record of type 2 (bytes).
    mutating func next(_ bytes: borrowing Span<UInt8>) -> (field: UInt64, content: Range<Int>)? {
        while let tag = number(bytes) {
            switch tag & 7 {
            case 0: guard number(bytes) != nil else { return nil }
            case 1: position += 8
            case 5: position += 4
            case 2:
                guard let length = number(bytes), length <= UInt64(end - position) else {
                    return nil
                }
                let content = position..<(position + Int(length))
                position = content.upperBound
                return (tag >> 3, content)
            default: return nil
            }
        }
        return nil
    }

    private mutating func number(_ bytes: borrowing Span<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < end, shift < 64 {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }
}
