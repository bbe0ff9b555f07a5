import Testing

@testable import flightlog

@Suite struct EventStreamReaderTests {
    private static let stream = """
        id: 4
        retry: 250

        :

        id: 5
        event: task.created
        data: {"id":5}

        id: 6
        data: one
        data:two
        other: x
        data

        id: 7
        data: cut

        """

    @Test func `events are read, however the stream is cut into pieces`() throws {
        let bytes = Array(Self.stream.utf8)
        for size in [1, 2, 3, 7, 64, bytes.count] {
            var reader = EventStreamReader()
            var events: [String] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                let piece = bytes[start..<min(start + size, bytes.count)]
                events += try reader.take(Array(piece))
            }
            #expect(events == [#"{"id":5}"#, "one\ntwo\n"])
            // The last one never came whole.
            #expect(reader.lastID == "6")
            #expect(reader.pause == .milliseconds(250))
        }
    }

    @Test func `lines may end as in other systems`() throws {
        var reader = EventStreamReader()
        #expect(try reader.take(Array("id: 1\r\ndata: a\r\n\r\n".utf8)) == ["a"])
        #expect(reader.lastID == "1")
    }

    @Test func `what a connection that was cut had begun is forgotten`() throws {
        var reader = EventStreamReader()
        _ = try reader.take(Array("id: 1\ndata: a\n\nid: 2\ndata: half".utf8))
        reader.reconnect()
        #expect(reader.lastID == "1")
        #expect(try reader.take(Array("id: 2\ndata: whole\n\n".utf8)) == ["whole"])
        #expect(reader.lastID == "2")
    }

    @Test func `a place to go on from is known before the first event`() throws {
        var reader = EventStreamReader()
        #expect(reader.lastID == nil)
        #expect(try reader.take(Array("id: 9\nretry: 1000\n\n".utf8)) == [])
        #expect(reader.lastID == "9")
    }

    @Test func `a line without an end is refused`() {
        var reader = EventStreamReader()
        let bytes = [UInt8](repeating: 0x61, count: (1 << 20) + 1)
        #expect(throws: CommandFailure.self) { _ = try reader.take(bytes) }
    }
}
