import Operations
import Testing

struct OperationCodingTests {
    private func payload(_ operation: Operation) throws -> [UInt8] {
        var writer = ByteWriter()
        try operation.encode(into: &writer)
        return writer.bytes
    }

    @Test func `every kind of operation comes back`() throws {
        #expect(Set(Samples.everyKind.map(\.kind)) == Set(OperationKind.allCases))
        for operation in Samples.everyKind {
            let bytes = try payload(operation)
            #expect(try Operation(kind: operation.kind, payload: bytes[...]) == operation)
            #expect(try payload(operation) == bytes, "the same operation makes the same bytes")
        }
    }

    @Test func `a change of who may do what is stored as it is documented`() throws {
        let payloads = try Samples.everyAccessChange.map {
            String(decoding: try payload(.rbac($0)), as: UTF8.self)
        }
        let grant =
            #"{"database":"default","object":"songs","objectType":"Collection","#
            + #""privilege":"Query","role":"reader"}"#
        #expect(
            payloads == [
                #"{"access":{"action":"create_user","user":{"name":"änn","passwordMark":18446744073709551615}}}"#,
                #"{"access":{"action":"change_password","user":{"name":"änn","passwordMark":1}}}"#,
                #"{"access":{"action":"create_role","name":"reader"}}"#,
                #"{"access":{"action":"define_privilege_group","group":{"name":"look","privileges":["Query","Search"]}}}"#,
                #"{"access":{"action":"grant","grant":"# + grant + "}}",
                #"{"access":{"action":"bind","binding":{"role":"reader","user":"änn"}}}"#,
                #"{"access":{"action":"unbind","binding":{"role":"reader","user":"änn"}}}"#,
                #"{"access":{"action":"revoke","grant":"# + grant + "}}",
                #"{"access":{"action":"drop_privilege_group","name":"look"}}"#,
                #"{"access":{"action":"drop_role","name":"reader"}}"#,
                #"{"access":{"action":"drop_user","name":"änn"}}"#,
            ]
        )
        #expect(
            Set(Samples.everyAccessChange.map(\.action)).count == AccessChange.Action.allCases.count
        )
    }

    @Test func `rows are stored as the source wrote them behind a fixed header`() throws {
        let bytes = try payload(.insert(Samples.rows))
        #expect(bytes.count == 24 + 4)
        #expect(bytes.suffix(4) == [0x6A, 2, 8, 5])
        guard case .insert(let rows) = try Operation(kind: .insert, payload: bytes[...]) else {
            Issue.record("not an insert")
            return
        }
        #expect(rows.columns.startIndex == 24, "the columns are a slice of the payload")
    }

    @Test func `a payload cut anywhere is an error or a shorter column, never a crash`() throws {
        for operation in Samples.everyKind {
            let bytes = try payload(operation)
            for size in 0..<bytes.count {
                let cut = try? Operation(kind: operation.kind, payload: bytes[..<size])
                #expect(
                    cut == nil || (operation.kind.carriesRows && size >= 24),
                    "\(operation.kind)"
                )
            }
        }
    }

    @Test func `a payload read as another kind is an error or an operation of that kind`() throws {
        for operation in Samples.everyKind {
            let bytes = try payload(operation)
            for kind in OperationKind.allCases {
                let read = try? Operation(kind: kind, payload: bytes[...])
                #expect(read == nil || read?.kind == kind)
            }
        }
    }

    @Test func `bytes from anywhere never crash a decoder`() {
        var state: UInt64 = 42
        func next() -> UInt8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        for _ in 0..<300 {
            let bytes = (0..<Int(next() % 64)).map { _ in next() }
            for kind in OperationKind.allCases {
                _ = try? Operation(kind: kind, payload: bytes[...])
            }
            var reader = ByteReader(bytes)
            _ = try? SourcePosition(from: &reader)
        }
    }

    @Test func `kinds are stored by numbers that never change`() {
        let numbers = OperationKind.allCases.map(\.rawValue)
        #expect(
            numbers == [
                1, 2, 3, 10, 11, 12, 20, 21, 22, 23, 24, 30, 31, 40, 41, 42, 50, 51, 52, 60, 61, 62,
                70,
                90,
            ]
        )
        #expect(Set(OperationKind.allCases.map(\.name)).count == numbers.count)
    }
}

struct SourcePositionTests {
    @Test func `a position comes back and does not depend on the order of channels`() throws {
        let position = SourcePosition(
            resolved: HybridTimestamp(rawValue: 77),
            metadata: MetadataRevision(rawValue: 5),
            offsets: [
                PhysicalChannel("b"): 2, PhysicalChannel("a"): -1, PhysicalChannel("ü"): .max,
            ]
        )
        var writer = ByteWriter()
        position.encode(into: &writer)
        var reader = ByteReader(writer.bytes)
        #expect(try SourcePosition(from: &reader) == position)
        #expect(reader.remaining == 0)
        #expect(writer.bytes[20...].starts(with: [1, 0, 0, 0, UInt8(ascii: "a")]))
        for size in 0..<writer.bytes.count {
            var cut = ByteReader(writer.bytes[..<size])
            #expect(throws: CodingFailure.self) { try SourcePosition(from: &cut) }
        }
    }

    @Test func `a count of channels that cannot be is an error`() {
        var writer = ByteWriter()
        writer.write(UInt64(1))
        writer.write(Int64(1))
        writer.write(UInt32.max)
        var reader = ByteReader(writer.bytes)
        #expect(throws: CodingFailure.self) { try SourcePosition(from: &reader) }
    }
}
