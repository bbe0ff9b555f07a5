import Foundation
import Operations
import Testing

@testable import flightlog

/// Rows as `journal cat --rows` prints them, of the types of `tools/golden-types`.
struct ShownRowsTests {
    private struct Golden: Decodable {
        struct Case: Decodable {
            struct Log: Decodable { let columns: [Data] }

            let name: String
            let rows: Int
            let log: Log
        }

        let cases: [Case]
    }

    /// The rows of a case, without their keys.
    private func shown(_ name: String) throws -> [String] {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../MilvusTests/Fixtures/golden-types.json")
        let golden = try JSONDecoder().decode(Golden.self, from: try Data(contentsOf: url))
        let found = try #require(golden.cases.first { $0.name == name })
        var bytes: [UInt8] = []
        for column in found.log.columns {
            // A record of field 13 with its length, as in an Insert.
            bytes += [0x6a] + (column.count < 128 ? [] : [UInt8(column.count % 128) | 128])
            bytes.append(UInt8(column.count < 128 ? column.count : column.count / 128))
            bytes += column
        }
        let rows = Rows(
            collection: CollectionID(rawValue: 1),
            partition: PartitionID(rawValue: 1),
            shard: 0,
            count: found.rows,
            columns: bytes[...]
        )
        return try ShownRows.json(rows).map { row in
            guard case .object(let members) = row else { return row.compact }
            return JSON.object(members.filter { ["id", "$meta"].contains($0.key) == false }).compact
        }
    }

    @Test(arguments: [
        ("FloatVector", [#"{"f":[1.5,-0]}"#, #"{"f":[3e+38,1e-45]}"#, #"{"f":[0.1,2]}"#]),
        ("Float16Vector", [#"{"f":[1,-2]}"#, #"{"f":[0.1,0]}"#, #"{"f":[65504,6e-08]}"#]),
        ("Int8Vector", [#"{"f":[-128,127]}"#, #"{"f":[0,1]}"#, #"{"f":[5,-5]}"#]),
        ("BinaryVector", [#"{"f":"00ff"}"#, #"{"f":"0102"}"#, #"{"f":"8000"}"#]),
        (
            "SparseFloatVector",
            [#"{"f":{"1":0.5,"4294967294":-2}}"#, #"{"f":{"7":1}}"#, #"{"f":{"2":9,"3":0.25}}"#]
        ),
        ("Int8Vector, null", [#"{"f":[-128,127]}"#, #"{"f":null}"#, #"{"f":[5,-5]}"#]),
    ])
    func `vectors are numbers`(name: String, expected: [String]) throws {
        #expect(try shown(name) == expected)
    }

    @Test func `16-bit floats of a byte each are read as what they are`() throws {
        let rows = try shown("BFloat16Vector")
        #expect(rows[0] == #"{"f":[1,-2]}"#)
    }

    @Test func `moments and geometries are text, nulls are null`() throws {
        #expect(
            try shown("Timestamptz, null") == [
                #"{"f":"2025-03-01T10:30:00.123456Z"}"#, #"{"f":null}"#,
                #"{"f":"9999-12-31T23:59:59.999999Z"}"#,
            ]
        )
        #expect(
            try shown("Geometry") == [
                #"{"f":"POINT (1 -0.5)"}"#, #"{"f":"LINESTRING (0 0, 0.0000001 2)"}"#,
                #"{"f":"POINT EMPTY"}"#,
            ]
        )
    }

    @Test func `records are lists of objects`() throws {
        #expect(
            try shown("records") == [
                #"{"people":[{"age":1,"face":[1,-0],"mark":[1,-2],"name":"a"},"#
                    + #"{"age":-2,"face":[3,4],"mark":[1,-2],"name":""}],"v":[1,2]}"#,
                #"{"people":[],"v":[3,4]}"#,
                #"{"people":[{"age":127,"face":[5,6],"mark":[1,-2],"name":"é"}],"v":[5,6]}"#,
            ]
        )
        #expect(try shown("records, null")[1] == #"{"people":null,"v":[3,4]}"#)
    }
}
