internal import FoundationEssentials
internal import MilvusAPI
internal import Operations

extension ColumnValues {
    /// No value of any kind: an array's row that names no type.
    static let none = ColumnValues.integers([])

    /// The values of a column of scalars.
    init(_ scalars: Milvus_Proto_Schema_ScalarField) throws(CodingFailure) {
        switch scalars.data {
        case .boolData(let array): self = .bools(array.data)
        case .intData(let array): self = .integers(array.data.map(Int64.init))
        case .longData(let array): self = .integers(array.data)
        case .floatData(let array): self = .floats(array.data)
        case .doubleData(let array): self = .doubles(array.data)
        case .stringData(let array): self = .texts(array.data)
        case .bytesData(let array): self = .blobs(array.data)
        case .jsonData(let array): self = .json(array.data)
        case .geometryData(let array): self = .blobs(array.data)
        case .timestamptzData(let array): self = .integers(array.data)
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
            self = .byteVectors(bytes, width: try Self.width(vectors.dim / 8, of: bytes.count))
        case .float16Vector(let bytes), .bfloat16Vector(let bytes):
            guard vectors.dim < Int64.max / 2 else {
                throw CodingFailure("a dimension out of range")
            }
            self = .byteVectors(bytes, width: try Self.width(vectors.dim * 2, of: bytes.count))
        case .int8Vector(let bytes):
            self = .byteVectors(bytes, width: try Self.width(vectors.dim, of: bytes.count))
        case .sparseFloatVector(let rows): self = .blobs(rows.contents)
        case .vectorArray(let array):
            var lists: [ColumnValues] = []
            for row in array.data {
                if case .vectorArray = row.data { throw CodingFailure("an array of arrays") }
                lists.append(try ColumnValues(row))
            }
            self = .lists(lists)
        case nil: self = .none
        }
    }

    /// How much of a row of vectors one vector takes.
    private static func width(_ width: Int64, of count: Int) throws(CodingFailure) -> Int {
        guard let width = Int(exactly: width), width > 0, count.isMultiple(of: width) else {
            throw CodingFailure("\(count) elements or bytes in vectors of \(width)")
        }
        return width
    }
}
