import Capture
import FoundationEssentials
import Operations
import Testing

@testable import Milvus

struct EnvelopeTests {
    private typealias Kind = StreamMessageType

    private func message(
        _ type: UInt64,
        _ headers: MadeSource.Headers,
        body: [UInt8] = [],
        changing changes: [String: String?] = [:]
    ) -> LogMessage {
        var all = MadeSource.envelope(
            type,
            at: HybridTimestamp(rawValue: 500),
            headers,
            offset: 42
        )
        for (name, value) in changes {
            all.removeAll { $0.name == name }
            if let value { all.append(.init(name: name, value: Array(value.utf8))) }
        }
        return LogMessage(channel: PhysicalChannel("a"), offset: 42, value: body, headers: all)
    }

    private func decode(_ message: LogMessage) throws -> StreamedMessage {
        guard case .streamed(let streamed) = try MilvusMessageDecoder().decode(message) else {
            throw LogFailure(code: .corrupt, message: "not streamed")
        }
        return streamed
    }

    private func complaint(_ changes: [String: String?]) throws -> String {
        let headers = MadeSource.Headers(vchannel: "a_1v0")
        let body = try MadeSource.insert([1])
        let failure = #expect(throws: LogFailure.self) {
            try decode(message(Kind.insert, headers, body: body, changing: changes))
        }
        #expect(failure?.code == .corrupt)
        return failure?.message ?? ""
    }

    @Test func `an insert is where and when its envelope says`() throws {
        let headers = MadeSource.Headers(vchannel: "a_1v3", transaction: (7, -1), lastConfirmed: 40)
        let decoded = try decode(
            message(Kind.insert, headers, body: try MadeSource.insert([1, 2]))
        )
        #expect(decoded.timestamp.rawValue == 500)
        #expect(decoded.lastConfirmed == 40)
        #expect(decoded.transaction == TransactionName(channel: "a_1v3", id: 7))
        guard case .insert(let rows) = decoded.content else {
            Issue.record("no insert")
            return
        }
        #expect(rows.shard == 3 && rows.count == 2 && rows.partition.rawValue == 10)
        #expect(try rows.primaryKeys(field: "id") == [.int64(1), .int64(2)])
    }

    @Test func `a delete of every partition, and one of an older form`() throws {
        let headers = MadeSource.Headers(vchannel: "a_1v0")
        let decoded = try decode(
            message(Kind.delete, headers, body: try MadeSource.delete([5, 6]))
        )
        guard case .delete(let keys) = decoded.content else {
            Issue.record("no delete")
            return
        }
        #expect(keys.partition == nil && keys.count == 2)
        #expect(try keys.primaryKeys() == [.int64(5), .int64(6)])
    }

    @Test func `every type of message of 2.6 is known`() throws {
        let known =
            Array(1...38) + [700, 800, 900, 901, 902]
        for type in known {
            var headers = MadeSource.Headers(vchannel: "a_1v0", transaction: (1, 5), broadcast: 9)
            headers.header = MadeSource.numbers([(1, 1), (2, 1)])
            var body = MadeSource.numbers([(4, 1)])
            if type == 2 { body = try MadeSource.insert([1]) }
            if type == 3 { body = try MadeSource.delete([1]) }
            let content = try decode(message(UInt64(type), headers, body: body)).content
            if case .unreadable = content { #expect(type == 700) }
            #expect(StreamMessageType.name(UInt64(type)).contains("type") == false)
        }
    }

    @Test(arguments: [39, 699, 999, 4711, UInt64.max])
    func `an unknown type ends the channel with a sentence`(type: UInt64) throws {
        let headers = MadeSource.Headers(vchannel: "a_1v0")
        guard case .unreadable(.corrupt, let words) = try decode(message(type, headers)).content
        else {
            Issue.record("it can be read")
            return
        }
        #expect(words.contains("type \(type) is known"))
    }

    @Test func `what is on the control channel concerns nobody's rows`() throws {
        for type in [Kind.truncateCollection, Kind.bulkImport, 13, 16] {
            var headers = MadeSource.Headers(vchannel: "a_vcchan", broadcast: 4)
            headers.header = MadeSource.numbers([(1, 1), (2, 1)])
            let body = MadeSource.numbers([(4, 1)])
            guard case .ignored = try decode(message(type, headers, body: body)).content else {
                Issue.record("\(type)")
                return
            }
        }
    }

    @Test func `each header that is not what it should be is one clear sentence`() throws {
        for (changes, words) in [
            (["_tt": "xyz!"], "its header _tt is \"xyz!\", which is no base-36 number."),
            (["_tt": "+5"], "its header _tt is \"+5\", which is no base-36 number."),
            (["_tt": ""], "its header _tt is \"\", which is no base-36 number."),
            (["_tt": "0"], "its header _tt is 0."),
            (["_tt": "3w5e11264sgsg"], "which is no base-36 number."),
            (["_tt": nil], "it lacks the header _tt."),
            (["_lc": "-1"], "its header _lc is \"-1\", which is no base-36 offset."),
            (["_lc": "zz"], "its header _lc names offset 1295, which is behind it."),
            (["_vc": nil], "it names no channel."),
            (["_vc": "a"], "its channel name does not end in a shard number."),
            (["_tx": "###"], "its header _tx is \"###\", which is no base64."),
            (["_tx": "CP//"], "a number is cut off or longer than 64 bits."),
            (["_bh": "Ev////8P"], "a length points beyond the end."),
            (["_h": "?"], "its header _h is \"?\", which is no base64."),
            (["_ch": "//8="], "a number is cut off or longer than 64 bits."),
        ] as [([String: String?], String)] {
            let sentence = try complaint(changes)
            #expect(sentence.contains(" at offset 42 of a cannot be read: "))
            #expect(sentence.hasSuffix(words), "\(sentence)")
        }
        #expect(try complaint(["_t": "two"]).contains("_t is \"two\", which is no number"))
        #expect(try complaint(["_t": nil]).contains("it lacks the header _t"))
        #expect(try complaint(["_v": "3"]).contains("the version of its envelope is \"3\""))
        #expect(try complaint(["_v": "2"]).contains("envelope is 2 and not 1"))
        let long = try complaint(["_tt": String(repeating: "!", count: 1 << 20)])
        #expect(long.count < 300, "a sentence, whatever comes")
    }

    @Test func `a header that comes twice or is no text is refused`() throws {
        let headers = MadeSource.Headers(vchannel: "a_1v0")
        var all = message(Kind.insert, headers).headers
        all.append(.init(name: "_tt", value: [0x35]))
        func complaint(_ headers: [LogMessage.Header]) -> String {
            let failure = #expect(throws: LogFailure.self) {
                try MilvusMessageDecoder().decode(
                    LogMessage(
                        channel: PhysicalChannel("a"),
                        offset: 42,
                        value: [],
                        headers: headers
                    )
                )
            }
            return failure?.message ?? ""
        }
        #expect(complaint(all).contains("it has the header _tt twice"))
        #expect(complaint([.init(name: "_v", value: [0xff])]).contains("_v is not UTF-8"))
    }

    @Test func `rows that a number claims and bytes do not hold are refused`() throws {
        var body = try MadeSource.insert([1])
        // Field 14 again, the last one counts: 2^35 rows.
        body += [0x70, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]
        let failure = #expect(throws: LogFailure.self) {
            try decode(message(Kind.insert, MadeSource.Headers(vchannel: "a_1v0"), body: body))
        }
        #expect(failure?.message.contains("34359738368 rows in") == true)
    }

    @Test func `an envelope with any bit flipped, or cut anywhere, decodes or is corrupt`() throws {
        var headers = MadeSource.Headers(vchannel: "a_1v0", transaction: (7, 5), broadcast: 9)
        headers.header = MadeSource.numbers([(1, 1), (2, 1)])
        headers.lastConfirmed = 40
        headers.extra["_ch"] = MadeSource.base64([(1, 5), (2, 1)])
        for type in [Kind.bulkImport, Kind.insert, Kind.truncateCollection, Kind.beginTransaction] {
            if type != Kind.bulkImport { headers.extra["_ch"] = nil }
            let body = type == Kind.insert ? try MadeSource.insert([1]) : []
            let whole = message(type, headers, body: body)
            for bit in 0..<(body.count * 8) {
                var damaged = body
                damaged[bit / 8] ^= 1 << (bit % 8)
                try decode(message(type, headers, body: damaged), header: 0, value: nil)
            }
            for (index, header) in whole.headers.enumerated() {
                for bit in 0..<(header.value.count * 8) {
                    var value = header.value
                    value[bit / 8] ^= 1 << (bit % 8)
                    try decode(whole, header: index, value: value)
                }
                for length in 0..<header.value.count {
                    try decode(whole, header: index, value: Array(header.value[..<length]))
                }
            }
        }
    }

    private func decode(_ message: LogMessage, header: Int, value: [UInt8]?) throws {
        var headers = message.headers
        if let value { headers[header] = .init(name: headers[header].name, value: value) }
        do {
            _ = try MilvusMessageDecoder().decode(
                LogMessage(
                    channel: message.channel,
                    offset: message.offset,
                    value: message.value,
                    headers: headers
                )
            )
        } catch let failure as LogFailure {
            #expect(failure.code == .corrupt && failure.message.contains("offset 42 of a"))
        }
    }
}
