import Operations
import TestSupport
import Testing

@testable import Milvus

/// Geometries as bytes, made for tests.
private struct Geometry {
    var bytes: [UInt8] = []
    let isLittleEndian: Bool

    init(_ isLittleEndian: Bool = true) { self.isLittleEndian = isLittleEndian }

    mutating func head(_ code: UInt32) {
        bytes.append(isLittleEndian ? 1 : 0)
        number(UInt64(code), 4)
    }

    mutating func count(_ count: UInt32) { number(UInt64(count), 4) }

    mutating func position(_ coordinates: Double...) {
        for coordinate in coordinates { number(coordinate.bitPattern, 8) }
    }

    private mutating func number(_ number: UInt64, _ width: Int) {
        let parts = (0..<width).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
        bytes += isLittleEndian ? parts : parts.reversed()
    }

    static func point(
        _ code: UInt32,
        _ coordinates: Double...,
        isLittleEndian: Bool = true
    ) -> [UInt8] {
        var geometry = Geometry(isLittleEndian)
        geometry.head(code)
        for coordinate in coordinates { geometry.position(coordinate) }
        return geometry.bytes
    }
}

struct WellKnownTextTests {
    private func text(_ bytes: [UInt8]) throws -> String {
        String(decoding: try WellKnownText(binary: bytes).utf8, as: UTF8.self)
    }

    @Test(arguments: [
        (0.0, "0"), (-0.0, "-0"), (1, "1"), (-12.5, "-12.5"), (0.1, "0.1"), (100, "100"),
        (1e15, "1000000000000000"), (1e16, "10000000000000000"), (1.5e-7, "0.00000015"),
        (123_456_789_012_345_680, "123456789012345680"), (-1e22, "-10000000000000000000000"),
        (0.1 + 0.2, "0.30000000000000004"), (1.2345e3, "1234.5"),
    ])
    func `coordinates are plain decimals`(number: Double, expected: String) {
        #expect(String(decoding: PlainDecimal.utf8(number), as: UTF8.self) == expected)
    }

    @Test func `every decimal reads back as the same double`() throws {
        var random = SeededRandom()
        let edges = [
            Double.leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
            .pi, 1.0.nextUp, 1.0.nextDown,
        ]
        for number in edges + (0..<5000).map({ _ in Double(bitPattern: random.next()) })
        where number.isFinite {
            let text = String(decoding: PlainDecimal.utf8(number), as: UTF8.self)
            #expect(text.contains("e") == false)
            #expect(
                Double(text)?.bitPattern == number.bitPattern,
                "seed \(SeededRandom.runSeed)"
            )
        }
    }

    @Test func `points have the dimensions that their code says, in either byte order`() throws {
        for order in [true, false] {
            func point(_ code: UInt32, _ more: Double...) throws -> String {
                var geometry = Geometry(order)
                geometry.head(code)
                geometry.position(1, -2.5)
                for coordinate in more { geometry.position(coordinate) }
                return try text(geometry.bytes)
            }
            #expect(try point(1) == "POINT (1 -2.5)")
            #expect(try point(1001, 3) == "POINT Z (1 -2.5 3)")
            #expect(try point(2001, 3) == "POINT M (1 -2.5 3)")
            #expect(try point(3001, 3, 4) == "POINT ZM (1 -2.5 3 4)")
            #expect(try point(0x8000_0001, 3) == "POINT Z (1 -2.5 3)")
            #expect(try point(0x4000_0001, 3) == "POINT M (1 -2.5 3)")
            #expect(try point(0xc000_0001, 3, 4) == "POINT ZM (1 -2.5 3 4)")
        }
    }

    @Test func `empty geometries are called so`() throws {
        for (code, name) in [
            (2, "LINESTRING"), (3, "POLYGON"), (4, "MULTIPOINT"), (5, "MULTILINESTRING"),
            (6, "MULTIPOLYGON"), (7, "GEOMETRYCOLLECTION"), (1006, "MULTIPOLYGON Z"),
        ] as [(UInt32, String)] {
            var geometry = Geometry()
            geometry.head(code)
            geometry.count(0)
            #expect(try text(geometry.bytes) == "\(name) EMPTY")
        }
        #expect(try text(Geometry.point(1, .nan, .nan)) == "POINT EMPTY")
        #expect(try text(Geometry.point(1001, .nan, .nan, .nan)) == "POINT Z EMPTY")
    }

    @Test func `members of a collection may have another byte order`() throws {
        var geometry = Geometry(false)
        geometry.head(7)
        geometry.count(3)
        var line = Geometry(true)
        line.head(2)
        line.count(2)
        line.position(0, 0)
        line.position(1, 1)
        var points = Geometry(false)
        points.head(4)
        points.count(2)
        points.bytes += Geometry.point(1, 5, 6)
        points.bytes += Geometry.point(1, .nan, .nan)
        geometry.bytes += Geometry.point(1, 1, 2, isLittleEndian: true)
        geometry.bytes += line.bytes + points.bytes
        #expect(
            try text(geometry.bytes)
                == "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 1 1), MULTIPOINT (5 6, EMPTY))"
        )
    }

    @Test func `what text cannot express is refused`() {
        for (bytes, reason) in [
            (Geometry.point(1, 1, .nan), "coordinate nan"),
            (Geometry.point(1, .infinity, 1), "coordinate inf"),
            (Geometry.point(0x2000_0001, 1, 2), "reference system"),
            (Geometry.point(17, 1, 2), "kind 17"), (Geometry.point(4001, 1, 2), "kind 4001"),
            (Geometry.point(0, 1, 2), "kind 0"), (Geometry.point(1, 1, 2) + [0], "behind it"),
            ([2, 1, 0, 0, 0], "byte order 2"), ([], "cut off"),
        ] {
            let failure = #expect(throws: CodingFailure.self) { try text(bytes) }
            #expect(failure?.description.contains(reason) == true, "\(String(describing: failure))")
        }
        // A polygon among points.
        var mixed = Geometry()
        mixed.head(4)
        mixed.count(1)
        var polygon = Geometry()
        polygon.head(3)
        polygon.count(0)
        mixed.bytes += polygon.bytes + [UInt8](repeating: 0, count: 20)
        #expect(throws: CodingFailure("a polygon in a multiPoint")) { try text(mixed.bytes) }
    }

    @Test func `counts that the bytes have no room for are refused before anything is made`() {
        for code in 2...7 as ClosedRange<UInt32> {
            var geometry = Geometry()
            geometry.head(code)
            geometry.count(.max)
            geometry.bytes += [UInt8](repeating: 0, count: 100)
            #expect(throws: CodingFailure.self) { try text(geometry.bytes) }
        }
    }

    @Test func `collections in collections end at a depth`() throws {
        func nested(_ depth: Int) -> [UInt8] {
            var geometry = Geometry()
            for _ in 1..<depth {
                geometry.head(7)
                geometry.count(1)
            }
            geometry.head(7)
            geometry.count(0)
            return geometry.bytes
        }
        #expect(
            try text(nested(WellKnownText.depthMax)).hasSuffix(
                "(GEOMETRYCOLLECTION EMPTY" + String(repeating: ")", count: 63)
            )
        )
        #expect(throws: CodingFailure("geometries nested too deep")) { try text(nested(65)) }
        #expect(throws: CodingFailure("geometries nested too deep")) { try text(nested(100_000)) }
    }

    @Test func `bytes cut off or changed anywhere never read beyond the end`() throws {
        let golden = try #require(GoldenTypes.cases.first { $0.name == "Geometry of every kind" })
        let columns = try DecodedColumns(golden.whole)
        guard case .geometries(let geometries)? = columns["f"]?.values else {
            Issue.record("no geometries")
            return
        }
        var random = SeededRandom()
        for geometry in geometries.map({ Array($0) }) {
            for length in 0..<geometry.count {
                #expect(throws: CodingFailure.self) { try text(Array(geometry.prefix(length))) }
            }
            for _ in 0..<500 {
                var changed = geometry
                let place = Int.random(in: 0..<changed.count, using: &random)
                changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                let shown = try? text(changed)
                #expect((shown?.utf8.count ?? 0) < 4_000, "seed \(SeededRandom.runSeed)")
            }
        }
    }
}
