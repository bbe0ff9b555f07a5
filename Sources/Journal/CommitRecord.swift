internal import FoundationEssentials
internal import Operations

/// The raw bytes of a commit frame.
///
/// Its header says which batch, which entries, and the resolved timestamp.
///
///      0  i64       wall clock, milliseconds since 1970
///      8  u64       epoch of the writer
///     16  32 bytes  chain before the batch
///     48  32 bytes  chain after it
///     80            source position: SourcePosition's stored form
struct CommitRecord: Hashable, Sendable {
    var unixMilliseconds: Int64
    var epoch: UInt64
    var chainBefore: Chain
    var chain: Chain
    var position: SourcePosition

    func encoded() -> [UInt8] {
        var bytes = ByteWriter()
        bytes.write(unixMilliseconds)
        bytes.write(epoch)
        bytes.write(chainBefore)
        bytes.write(chain)
        position.encode(into: &bytes)
        return bytes.bytes
    }
}

extension CommitRecord {
    init(decoding raw: ArraySlice<UInt8>) throws(CodingFailure) {
        var reader = ByteReader(raw)
        unixMilliseconds = try reader.read()
        epoch = try reader.read()
        chainBefore = try reader.readChain()
        chain = try reader.readChain()
        position = try SourcePosition(from: &reader)
        guard reader.remaining == 0 else { throw CodingFailure("a commit with bytes behind it") }
    }
}

/// The raw bytes of an opening frame, so that a segment can be read without those before it.
///
///      0  u32  bytes of the source position; 0 if no batch was committed
///      4       source position: SourcePosition's stored form
///              definitions as of the segment's start: JSON to the end
struct OpeningRecord: Hashable, Sendable {
    var position: SourcePosition?
    var definitions: Definitions

    func encoded() throws -> [UInt8] {
        var stored = ByteWriter()
        position?.encode(into: &stored)
        var bytes = ByteWriter()
        bytes.write(blob: stored.bytes)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        bytes.bytes += try encoder.encode(definitions)
        return bytes.bytes
    }
}

extension OpeningRecord {
    init(decoding raw: ArraySlice<UInt8>) throws {
        var reader = ByteReader(raw)
        let stored = try reader.readBlob()
        if !stored.isEmpty {
            var inner = ByteReader(stored)
            position = try SourcePosition(from: &inner)
        }
        let json = try reader.take(reader.remaining)
        do {
            definitions = try JSONDecoder().decode(Definitions.self, from: Data(json))
        } catch {
            throw FormatFailure("definitions that cannot be read: \(error)")
        }
    }
}
