import Capture
import FoundationEssentials
import MilvusAPI
import Operations
import SwiftProtobuf
import TestSupport
import Testing

@testable import Milvus

/// Whatever bytes come, they decode or they are an error: nothing traps.
struct HostileMessageTests {
    /// One of each kind: rows with numbers, texts and vectors; keys of both kinds; the small ones.
    private static let places = [
        "by-dev-rootcoord-dml_7@176", "by-dev-rootcoord-dml_0@177", "by-dev-rootcoord-dml_0@261",
        "by-dev-rootcoord-dml_0@1", "by-dev-replicate-msg@24",
    ]

    @Test func `a message cut off anywhere decodes or is corrupt`() throws {
        let messages = try RecordedMessages()
        for place in Self.places {
            let message = try messages.at(place)
            for length in 0..<message.value.count {
                try decode(message, as: Array(message.value[..<length]))
            }
        }
    }

    @Test func `a message with any bit flipped decodes or is corrupt`() throws {
        let messages = try RecordedMessages()
        for place in Self.places {
            let message = try messages.at(place)
            for bit in 0..<(message.value.count * 8) {
                try decode(message, as: message.value.flipping(bit))
            }
        }
    }

    @Test func `a column cut off or with any bit flipped decodes or is refused`() throws {
        // Those made by hand are small, and have every type.
        for expected in try Expected.lines("fielddata") where expected.text("source") == "made" {
            let bytes = [UInt8](Data(base64Encoded: expected.text("bytes") ?? "") ?? Data())
            #expect(bytes.isEmpty == false)
            for length in 0..<bytes.count { decode(column: Array(bytes[..<length])) }
            for bit in 0..<(bytes.count * 8) { decode(column: bytes.flipping(bit)) }
        }
    }

    @Test func `metadata cut off or with any bit flipped decodes or is corrupt`() throws {
        let decoder = MilvusMetadataDecoder()
        var kinds: Set<String> = []
        for event in try Recording.milvus235.get().metadataEvents
        where event.value.isEmpty == false {
            let record = MetadataRecord(event)
            let kind = record.key.filter { $0.isNumber == false }
            guard kind.hasSuffix("_ts") == false, kinds.insert(kind).inserted else { continue }
            func decode(_ value: [UInt8]) throws {
                do {
                    _ = try decoder.decode(MetadataRecord(key: record.key, value: value))
                } catch let failure as MetadataFailure {
                    #expect(failure.code.isCorrupt && failure.message.contains(record.key))
                }
            }
            for length in 0..<event.value.count { try decode(Array(event.value[..<length])) }
            for bit in 0..<(event.value.count * 8) { try decode(event.value.flipping(bit)) }
        }
        #expect(kinds.count > 10)
    }

    private func decode(_ message: LogMessage, as value: [UInt8]) throws {
        let damaged = LogMessage(channel: message.channel, offset: message.offset, value: value)
        do {
            switch try MilvusMessageDecoder().decode(damaged) {
            case .insert(let rows, _):
                #expect(rows.count > 0 && rows.count <= value.count)
                _ = try DecodedColumns(rows).json(row: rows.count - 1, hasDynamicField: true)
                _ = try rows.primaryKeys(field: "id")
            case .delete(let keys, _):
                #expect(keys.count > 0 && keys.count <= value.count)
                _ = try keys.primaryKeys()
            default: break
            }
        } catch let failure as LogFailure {
            #expect(failure.code == .corrupt)
            #expect(failure.message.contains("offset \(message.offset) of \(message.channel)"))
        } catch is CodingFailure {}
    }

    private func decode(column bytes: [UInt8]) {
        guard let message = try? Milvus_Proto_Schema_FieldData(serializedBytes: bytes),
            let column = try? DecodedColumn(message)
        else { return }
        for row in 0..<column.rowCount {
            var text = CanonicalText()
            column.write(row: row, to: &text)
        }
    }
}

extension [UInt8] {
    fileprivate func flipping(_ bit: Int) -> [UInt8] {
        var bytes = self
        bytes[bit / 8] ^= 1 << (bit % 8)
        return bytes
    }
}

extension MetadataFailure.Code {
    fileprivate var isCorrupt: Bool {
        guard case .corrupt = self else { return false }
        return true
    }
}
