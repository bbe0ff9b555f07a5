import Foundation
import Operations
import Testing

@testable import ControlPlane

@Suite struct CDCValueTests {
    @Test(arguments: [
        (0.0, "0"), (1, "1"), (-1.5, "-1.5"), (100_000, "100000"), (1_000_000, "1e+06"),
        (1_234_567, "1.234567e+06"), (0.0001, "0.0001"), (0.00001, "1e-05"), (12.25, "12.25"),
        (1e100, "1e+100"),
    ])
    func `floats look as Go shows them`(value: Double, text: String) {
        #expect(GoNumber.text(value) == text)
    }

    @Test func `values look as Go shows them`() throws {
        let json = #"{"b":[1,"x",null,true],"a":{"k":2}}"#
        let value = try JSONDecoder().decode(CDCValue.self, from: Data(json.utf8))
        #expect(value.shown == "map[a:map[k:2] b:[1 x <nil> true]]")
    }

    @Test func `answers are written as Go writes them`() {
        let value = CDCValue.map([
            .init("z", .text("<a>&\"\\\n\u{1}ü")), .init("a", .list([.null])),
        ])
        #expect(
            value.json
                == #"{"z":"\u003ca\u003e\u0026\"\\\n\u0001ü","a":[null]}"#
        )
    }

    @Test func `a position reads back as it was`() throws {
        let position = CDCPosition(
            channel: "by-dev-rootcoord-dml_0",
            offset: 0x0102,
            timestamp: HybridTimestamp(rawValue: 445_000_000_000_000_001)
        )
        #expect(position.message == [2, 1, 0, 0, 0, 0, 0, 0])
        #expect(try CDCPosition(base64: position.base64) == position)
    }

    @Test func `no bytes of a position crash its reader`() throws {
        let whole = [UInt8](
            Data(
                base64Encoded: CDCPosition(
                    channel: "c",
                    offset: 7,
                    timestamp: HybridTimestamp(rawValue: 99)
                ).base64
            ) ?? Data()
        )
        for count in whole.indices {
            _ = try? CDCPosition(base64: Data(whole[..<count]).base64EncodedString())
        }
        for index in whole.indices {
            for bit in 0..<8 {
                var bytes = whole
                bytes[index] ^= 1 << bit
                _ = try? CDCPosition(base64: Data(bytes).base64EncodedString())
            }
        }
    }

    @Test(arguments: [
        ("by-dev-rootcoord-dml_0_450v1", "by-dev-rootcoord-dml_0", Int64(450)),
        ("c_1v0", "c", 1),
    ])
    func `a virtual channel has its parts`(name: String, physical: String, id: Int64) {
        let parts = CDCPosition.parse(name)
        #expect(parts?.physical == physical)
        #expect(parts?.collection == id)
    }

    @Test(arguments: ["", "c", "c_1", "c_v", "c_1v", "c_v1", "c_1v2v3", "c_1x2", "c1v2"])
    func `what is no virtual channel is none`(name: String) {
        #expect(CDCPosition.parse(name) == nil)
    }
}
