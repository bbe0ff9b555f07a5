internal import MilvusAPI
internal import Replay

/// What of a schema a server cannot hold, told before it is asked and before the first row.
///
/// A server refuses most of it too, in words of its own; some of it older servers take and leave out.
struct TargetLimits {
    private typealias DataType = Milvus_Proto_Schema_DataType
    private typealias Version = MilvusServer.Version

    private let server: MilvusServer

    init(_ server: MilvusServer) { self.server = server }

    /// - Throws: `TargetFailure` with code `unsupported`, which names every field that is in the way.
    func check(_ schema: Milvus_Proto_Schema_CollectionSchema, _ doing: String) throws {
        let obstacles = obstacles(to: schema)
        guard obstacles.isEmpty == false else { return }
        throw TargetFailure(
            code: .unsupported,
            message: "Cannot \(doing): \(server.description) cannot hold"
                + " \(obstacles.joined(separator: ", nor "))."
        )
    }

    /// What is in the way: ends of "… cannot hold".
    func obstacles(to schema: Milvus_Proto_Schema_CollectionSchema) -> [String] {
        // Of a server that hides its version nothing is known but what it will say itself.
        guard server.isLite || server.version >= Version(2, 0, 0) else { return [] }
        var obstacles = schema.fields.compactMap(obstacle)
        for records in schema.structArrayFields where holds(.arrayOfStruct) == false {
            obstacles.append("its field \(records.name), which holds records")
        }
        obstacles += schema.functions.compactMap(obstacle)
        let vectors = schema.fields.filter { $0.dataType.isVector }.map(\.name)
        if vectors.count > 1, server.isLite == false, server.version < Version(2, 4, 0) {
            obstacles.append("more than one field of vectors (\(vectors.joined(separator: ", ")))")
        }
        return obstacles
    }

    private func obstacle(_ field: Milvus_Proto_Schema_FieldSchema) -> String? {
        if holds(field.dataType) == false {
            return "its field \(field.name), which is of the type \(field.dataType.title)"
        }
        if field.dataType == .array, field.elementType != .none, holds(field.elementType) == false {
            return "its field \(field.name), whose elements are of the type"
                + " \(field.elementType.title)"
        }
        if field.nullable, holdsNull(field.dataType) == false {
            return "its field \(field.name), which can be null"
        }
        return nil
    }

    private func obstacle(_ function: Milvus_Proto_Schema_FunctionSchema) -> String? {
        let isHeld =
            switch function.type {
            case .bm25: server.isLite || server.version >= Version(2, 5, 0)
            case .minHash, .rerank: server.isLite == false && server.version >= Version(2, 6, 0)
            default: false
            }
        guard isHeld == false else { return nil }
        let outputs = function.outputFieldNames.joined(separator: ", ")
        return "its function \(function.name), which computes the field \(outputs)"
    }

    private func holds(_ type: DataType) -> Bool {
        if server.isLite { return Self.lite.contains(type) }
        guard let since = Self.since[type] else { return false }
        return server.version >= since
    }

    private func holdsNull(_ type: DataType) -> Bool {
        // Milvus-lite wants a sparse vector for each row.
        if server.isLite { return type != .sparseFloatVector }
        return server.version >= (type.isVector ? Version(2, 6, 0) : Version(2, 5, 0))
    }

    /// The types of milvus-lite 3.2.
    ///
    /// Source: its `adapter/grpc/translators/schema.py`.
    private static let lite: Set<DataType> = [
        .bool, .int8, .int16, .int32, .int64, .float, .double, .varChar, .array, .json, .geometry,
        .timestamptz, .floatVector, .sparseFloatVector,
    ]

    /// The version of Milvus that was the first to hold a type.
    private static let since: [DataType: Version] = [
        .bool: Version(2, 0, 0), .int8: Version(2, 0, 0), .int16: Version(2, 0, 0),
        .int32: Version(2, 0, 0), .int64: Version(2, 0, 0), .float: Version(2, 0, 0),
        .double: Version(2, 0, 0), .varChar: Version(2, 1, 0), .json: Version(2, 2, 9),
        .array: Version(2, 3, 0), .binaryVector: Version(2, 0, 0), .floatVector: Version(2, 0, 0),
        .float16Vector: Version(2, 4, 0), .bfloat16Vector: Version(2, 4, 0),
        .sparseFloatVector: Version(2, 4, 0), .int8Vector: Version(2, 6, 0),
        .arrayOfVector: Version(2, 6, 0), .arrayOfStruct: Version(2, 6, 0),
        .geometry: Version(2, 6, 3), .timestamptz: Version(2, 6, 6),
    ]
}

extension Milvus_Proto_Schema_DataType {
    /// Whether values are vectors.
    var isVector: Bool { (100..<200).contains(rawValue) }

    /// The name that Milvus gives it, such as `Float16Vector`; the number of one that is not known.
    var title: String {
        if case .UNRECOGNIZED(let number) = self { return "\(number)" }
        return switch self {
        case .bfloat16Vector: "BFloat16Vector"
        case .json: "JSON"
        default: "\(self)".prefix(1).uppercased() + "\(self)".dropFirst()
        }
    }
}
