import FoundationEssentials
import MilvusAPI
import Operations
import SwiftProtobuf

/// Columns as a source writes them, made from typed messages.
enum TargetColumns {
    typealias Column = Milvus_Proto_Schema_FieldData
    typealias DataType = Milvus_Proto_Schema_DataType

    /// Rows with these columns, as an entry holds them.
    static func rows(_ columns: [Column], count: Int, partition: Int64 = 1) throws -> Rows {
        var message = Milvus_Proto_Msg_InsertRequest()
        message.fieldsData = columns
        // A slice that begins elsewhere than at 0, as it does in a message of the log.
        let bytes: [UInt8] = [7, 7, 7] + (try message.serializedBytes() as [UInt8])
        return Rows(
            collection: CollectionID(rawValue: 5),
            partition: PartitionID(rawValue: partition),
            shard: 0,
            count: count,
            columns: bytes[3...]
        )
    }

    /// The columns of a request for insertion.
    static func decoded(_ request: [UInt8]) throws -> [Column] {
        try Milvus_Proto_Milvus_InsertRequest(serializedBytes: request).fieldsData
    }

    static func column(
        _ name: String,
        _ type: DataType,
        id: Int64 = 100,
        isDynamic: Bool = false
    ) -> Column {
        var column = Column()
        column.fieldName = name
        column.type = type
        column.fieldID = id
        column.isDynamic = isDynamic
        return column
    }

    static func integers(_ name: String, _ values: [Int64]) -> Column {
        var column = column(name, .int64)
        column.scalars.longData.data = values
        return column
    }

    static func texts(_ name: String, _ values: [String]) -> Column {
        var column = column(name, .varChar)
        column.scalars.stringData.data = values
        return column
    }

    static func vectors(_ name: String, _ values: [Float], dimension: Int64) -> Column {
        var column = column(name, .floatVector)
        column.vectors.dim = dimension
        column.vectors.floatVector.data = values
        return column
    }

    static func json(_ name: String, _ values: [String], isDynamic: Bool = false) -> Column {
        var column = column(name, .json, isDynamic: isDynamic)
        column.scalars.jsonData.data = values.map { Data($0.utf8) }
        return column
    }
}

extension TargetColumns {
    /// A column of every type that is spliced, with values made from row numbers.
    static func everyType(_ range: Range<Int64>) -> [Column] {
        let count = range.count
        var columns = [integers("id", Array(range)), texts("text", range.map { "é\($0)\u{0}" })]
        func add(_ name: String, _ type: DataType, _ fill: (inout Column) -> Void) {
            var column = column(name, type, id: Int64(100 + columns.count))
            fill(&column)
            columns.append(column)
        }
        add("bool", .bool) { $0.scalars.boolData.data = range.map { $0.isMultiple(of: 3) } }
        add("int8", .int8) { $0.scalars.intData.data = range.map { Int32($0 % 128) - 64 } }
        add("int32", .int32) {
            $0.scalars.intData.data = range.map { Int32(truncatingIfNeeded: -$0) }
        }
        add("float", .float) { $0.scalars.floatData.data = range.map { Float($0) / 7 } }
        add("double", .double) { $0.scalars.doubleData.data = range.map { Double($0) / 7 } }
        add("array", .array) {
            $0.scalars.arrayData.elementType = .int64
            $0.scalars.arrayData.data = range.map { number in
                var list = Milvus_Proto_Schema_ScalarField()
                list.longData.data = Array(0..<(number % 4))
                return list
            }
        }
        add("vector", .floatVector) {
            $0.vectors.dim = 4
            $0.vectors.floatVector.data = range.flatMap { [Float($0), -0.0, .infinity, 0.1] }
        }
        for (name, type, bytes) in [
            ("binary", DataType.binaryVector, 2), ("half", .float16Vector, 4),
            ("brain", .bfloat16Vector, 4), ("tiny", .int8Vector, 2),
        ] {
            add(name, type) {
                let content = Data(
                    (0..<(bytes * count)).map { UInt8(truncatingIfNeeded: $0 &* 37) }
                )
                $0.vectors.dim = type == .binaryVector ? 16 : 2
                switch type {
                case .binaryVector: $0.vectors.binaryVector = content
                case .float16Vector: $0.vectors.float16Vector = content
                case .bfloat16Vector: $0.vectors.bfloat16Vector = content
                default: $0.vectors.int8Vector = content
                }
            }
        }
        add("sparse", .sparseFloatVector) {
            $0.vectors.sparseFloatVector.dim = range.upperBound
            $0.vectors.dim = range.upperBound
            $0.vectors.sparseFloatVector.contents = range.map {
                Data([UInt8($0 % 200), 0, 0, 0, 0, 0, 0, 63])
            }
        }
        columns.append(json("json", range.map { "{\"a\":\($0)}" }))
        columns.append(json("$meta", range.map { "{\"b\":\"\($0)\"}" }, isDynamic: true))
        return columns
    }
}
