internal import FoundationEssentials
internal import MilvusAPI
internal import Operations

extension ColumnValues {
    /// No value of any kind: an array's row that names no type.
    static let none = ColumnValues.integers([])

    /// The values of a column of scalars.
    init(
        _ scalars: Milvus_Proto_Schema_ScalarField,
        type: Milvus_Proto_Schema_DataType = .none
    ) throws(CodingFailure) {
        switch scalars.data {
        case .boolData(let array): self = .bools(array.data)
        case .intData(let array): self = .integers(array.data.map(Int64.init))
        case .longData(let array) where type == .timestamptz: self = .instants(array.data)
        case .longData(let array): self = .integers(array.data)
        case .floatData(let array): self = .floats(array.data)
        case .doubleData(let array): self = .doubles(array.data)
        case .stringData(let array) where type == .timestamptz: self = Self.instants(array.data)
        case .stringData(let array): self = .texts(array.data)
        case .bytesData(let array): self = .blobs(array.data)
        case .jsonData(let array): self = .json(array.data)
        case .geometryData(let array): self = .geometries(array.data)
        case .timestamptzData(let array): self = .instants(array.data)
        case .geometryWktData(let array): self = .texts(array.data)
        case .molData(let array): self = .blobs(array.data)
        case .molSmilesData(let array): self = .texts(array.data)
        case .arrayData(let array):
            var lists: [ColumnValues] = []
            lists.reserveCapacity(array.data.count)
            for row in array.data {
                if case .arrayData = row.data { throw CodingFailure("an array of arrays") }
                lists.append(try ColumnValues(row))
            }
            self = .lists(lists)
        case nil: self = .none
        }
    }

    /// Moments as a server answers them; where it stands for null, a text is empty.
    private static func instants(_ texts: [String]) -> ColumnValues {
        var instants: [Int64] = []
        instants.reserveCapacity(texts.count)
        for text in texts {
            guard let instant = text.isEmpty ? Instant(microseconds: 0) : Instant(text: text) else {
                return .texts(texts)
            }
            instants.append(instant.microseconds)
        }
        return .instants(instants)
    }

    /// The values of a column of vectors.
    init(_ vectors: Milvus_Proto_Schema_VectorField) throws(CodingFailure) {
        switch vectors.data {
        case .floatVector(let array):
            self = .floatVectors(
                array.data,
                dimension: try Self.width(vectors.dim, of: array.data.count)
            )
        case .binaryVector(let bytes):
            guard vectors.dim.isMultiple(of: 8) else {
                throw CodingFailure("a binary vector of \(vectors.dim) bits")
            }
            let width = try Self.width(vectors.dim / 8, of: bytes.count)
            self = .byteVectors(bytes, width: width, .bit)
        case .float16Vector(let bytes):
            self = .byteVectors(bytes, width: try Self.width(of: vectors, bytes), .float16)
        case .bfloat16Vector(let bytes):
            self = .byteVectors(bytes, width: try Self.width(of: vectors, bytes), .bfloat16)
        case .int8Vector(let bytes):
            let width = try Self.width(vectors.dim, of: bytes.count)
            self = .byteVectors(bytes, width: width, .int8)
        case .sparseFloatVector(let rows): self = .sparseVectors(rows.contents)
        case .vectorArray(let array): self = .lists(try Self.lists(array))
        case nil: self = .none
        }
    }

    /// The vectors of each row; a row may tell its dimension, or leave it to the column.
    private static func lists(
        _ array: Milvus_Proto_Schema_VectorArray
    ) throws(CodingFailure) -> [ColumnValues] {
        var lists: [ColumnValues] = []
        for var row in array.data {
            if case .vectorArray = row.data { throw CodingFailure("an array of arrays") }
            if row.dim == 0 { row.dim = array.dim }
            lists.append(try ColumnValues(row))
        }
        return lists
    }

    /// How many bytes a vector of 16-bit floats takes.
    private static func width(
        of vectors: Milvus_Proto_Schema_VectorField,
        _ bytes: Data
    ) throws(CodingFailure) -> Int {
        guard vectors.dim < Int64.max / 2 else { throw CodingFailure("a dimension out of range") }
        return try width(vectors.dim * 2, of: bytes.count)
    }

    /// How much of a row of vectors one vector takes.
    private static func width(_ width: Int64, of count: Int) throws(CodingFailure) -> Int {
        // A row without vectors need not tell how large they would be.
        if count == 0 { return max(1, Int(clamping: width)) }
        guard let width = Int(exactly: width), width > 0, count.isMultiple(of: width) else {
            throw CodingFailure("\(count) elements or bytes in vectors of \(width)")
        }
        return width
    }
}
