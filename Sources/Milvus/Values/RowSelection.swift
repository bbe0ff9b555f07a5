internal import FoundationEssentials
internal import MilvusAPI
internal import Operations
internal import SwiftProtobuf

/// Some rows of an entry, taken out of its columns.
///
/// Columns are decoded for it and encoded again, which is far slower than splicing: it is for entries that are
/// applied late, never on the way of replication.
struct RowSelection {
    /// Ascending.
    let places: [Int]
    let rowCount: Int

    /// The columns of these rows, in the form of `Rows.columns`.
    ///
    /// - Throws: `CodingFailure` if the bytes are not columns of so many rows.
    func columns(_ columns: ArraySlice<UInt8>) throws(CodingFailure) -> [UInt8] {
        do {
            var message = try Milvus_Proto_Msg_InsertRequest(serializedBytes: Array(columns))
            for index in message.fieldsData.indices { try pick(&message.fieldsData[index]) }
            return try message.serializedBytes()
        } catch let failure as CodingFailure {
            throw failure
        } catch {
            throw CodingFailure("columns that cannot be decoded: \(error)")
        }
    }

    private func pick(_ column: inout Milvus_Proto_Schema_FieldData) throws(CodingFailure) {
        let stored = try storedPlaces(column.validData, Self.count(column))
        if !column.validData.isEmpty {
            column.validData = try values(column.validData, at: places, in: column.fieldName)
        }
        switch column.field {
        case .scalars(var scalars):
            try pick(&scalars, at: stored, in: column.fieldName)
            column.field = .scalars(scalars)
        case .vectors(var vectors):
            try pick(&vectors, at: stored, in: column.fieldName)
            column.field = .vectors(vectors)
        case .structArrays(var records):
            for index in records.fields.indices { try pick(&records.fields[index]) }
            column.field = .structArrays(records)
        case nil: break
        }
    }

    /// Where the values of the rows stand; of a column that leaves the null ones out, only those that are there.
    private func storedPlaces(
        _ validity: [Bool],
        _ stored: Int?
    ) throws(CodingFailure) -> [Int] {
        guard let stored, stored != rowCount else { return places }
        guard validity.count == rowCount, stored == validity.count(where: { $0 }) else {
            throw CodingFailure("\(stored) values for \(rowCount) rows")
        }
        var next = 0
        let ranks = validity.map { isValid -> Int? in
            guard isValid else { return nil }
            defer { next += 1 }
            return next
        }
        return places.compactMap { ranks.indices.contains($0) ? ranks[$0] : nil }
    }

    /// How many values a column holds; nil for records, whose own columns tell.
    private static func count(
        _ column: Milvus_Proto_Schema_FieldData
    ) throws(CodingFailure) -> Int? {
        switch column.field {
        case .scalars(let scalars): try ColumnValues(scalars).count
        case .vectors(let vectors): try ColumnValues(vectors).count
        case .structArrays: nil
        case nil: 0
        }
    }

    private func values<Value>(
        _ values: [Value],
        at places: [Int],
        in name: String
    ) throws(CodingFailure) -> [Value] {
        guard places.allSatisfy(values.indices.contains) else {
            throw CodingFailure(
                "the column \(name) has \(values.count) values for \(rowCount) rows"
            )
        }
        return places.map { values[$0] }
    }

    private func pick(
        _ scalars: inout Milvus_Proto_Schema_ScalarField,
        at places: [Int],
        in name: String
    ) throws(CodingFailure) {
        switch scalars.data {
        case .boolData(let list):
            scalars.boolData.data = try values(list.data, at: places, in: name)
        case .intData(let list): scalars.intData.data = try values(list.data, at: places, in: name)
        case .longData(let list):
            scalars.longData.data = try values(list.data, at: places, in: name)
        case .floatData(let list):
            scalars.floatData.data = try values(list.data, at: places, in: name)
        case .doubleData(let list):
            scalars.doubleData.data = try values(list.data, at: places, in: name)
        case .stringData(let list):
            scalars.stringData.data = try values(list.data, at: places, in: name)
        case .bytesData(let list):
            scalars.bytesData.data = try values(list.data, at: places, in: name)
        case .arrayData(let list):
            scalars.arrayData.data = try values(list.data, at: places, in: name)
        case .jsonData(let list):
            scalars.jsonData.data = try values(list.data, at: places, in: name)
        case .geometryData(let list):
            scalars.geometryData.data = try values(list.data, at: places, in: name)
        case .timestamptzData(let list):
            scalars.timestamptzData.data = try values(list.data, at: places, in: name)
        case .geometryWktData(let list):
            scalars.geometryWktData.data = try values(list.data, at: places, in: name)
        case .molData, .molSmilesData:
            throw CodingFailure("the column \(name) holds molecules, which are not taken apart")
        case nil: break
        }
    }

    private func pick(
        _ vectors: inout Milvus_Proto_Schema_VectorField,
        at places: [Int],
        in name: String
    ) throws(CodingFailure) {
        let dimension = Int(vectors.dim)
        func bytes(_ content: Data, width: Int) throws(CodingFailure) -> Data {
            guard let last = places.last else { return Data() }
            guard width > 0, (last + 1) * width <= content.count else {
                throw CodingFailure("the column \(name) has too few vectors for \(rowCount) rows")
            }
            var picked = Data(capacity: places.count * width)
            for place in places {
                let start = content.startIndex + place * width
                picked.append(content[start..<(start + width)])
            }
            return picked
        }
        switch vectors.data {
        case .floatVector(let list):
            guard dimension > 0, (places.last.map { ($0 + 1) * dimension } ?? 0) <= list.data.count
            else {
                throw CodingFailure("the column \(name) has too few vectors for \(rowCount) rows")
            }
            vectors.floatVector.data = places.flatMap {
                list.data[($0 * dimension)..<(($0 + 1) * dimension)]
            }
        case .binaryVector(let content):
            vectors.binaryVector = try bytes(content, width: dimension / 8)
        case .float16Vector(let content):
            vectors.float16Vector = try bytes(content, width: dimension * 2)
        case .bfloat16Vector(let content):
            vectors.bfloat16Vector = try bytes(content, width: dimension * 2)
        case .int8Vector(let content): vectors.int8Vector = try bytes(content, width: dimension)
        case .sparseFloatVector(let list):
            vectors.sparseFloatVector.contents = try values(list.contents, at: places, in: name)
        case .vectorArray(let list):
            vectors.vectorArray.data = try values(list.data, at: places, in: name)
        case nil: break
        }
    }
}
