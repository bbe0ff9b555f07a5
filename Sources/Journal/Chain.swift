internal import Crypto
internal import Operations

/// The hash that a batch leaves: it covers every batch before it, so that two journals with the same chain
/// hold the same history.
///
/// It is over content, not over stored bytes: compressing again, cutting frames elsewhere or encrypting
/// changes nothing.
///
///     entry digest   SHA-256(the entry's record: see EntryRecord)
///     batch digest   SHA-256(the entry digests, in order)
///     chain          SHA-256(chain before · u64 batch · u64 first sequence number · u64 entries ·
///                            batch digest · the source position's stored form)
struct Chain: Hashable, Sendable {
    static let size = 32

    /// The chain before the first batch.
    static let start = Chain(first: 0, second: 0, third: 0, fourth: 0)

    // Eight bytes each, little-endian. Every header and commit has a chain: this way it takes no memory of its own.
    fileprivate let first: UInt64
    fileprivate let second: UInt64
    fileprivate let third: UInt64
    fileprivate let fourth: UInt64

    /// The chain after one more batch.
    func extended(
        batch: UInt64,
        firstSequence: SequenceNumber,
        count: UInt64,
        digest: BatchDigest,
        position: SourcePosition
    ) -> Chain {
        var link = ByteWriter()
        link.write(self)
        link.write(batch)
        link.write(firstSequence.rawValue)
        link.write(count)
        link.bytes += digest.finished()
        position.encode(into: &link)
        let hash = Array(SHA256.hash(data: link.bytes))
        func word(_ number: Int) -> UInt64 {
            hash[(number * 8)..<(number * 8 + 8)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        return Chain(first: word(0), second: word(1), third: word(2), fourth: word(3))
    }
}

extension ByteWriter {
    mutating func write(_ chain: Chain) {
        write(chain.first)
        write(chain.second)
        write(chain.third)
        write(chain.fourth)
    }
}

extension ByteReader {
    mutating func readChain() throws(CodingFailure) -> Chain {
        Chain(first: try read(), second: try read(), third: try read(), fourth: try read())
    }
}

/// The digest of a batch's entries, gathered frame by frame.
struct BatchDigest: Sendable {
    private var hash = SHA256()

    /// Takes the digests of further entries in, as `entryDigests` made them.
    mutating func add(_ entryDigests: [UInt8]) { hash.update(data: entryDigests) }

    func finished() -> [UInt8] { Array(hash.finalize()) }

    /// Appends the digest of one entry's record.
    static func append(digestOf record: ArraySlice<UInt8>, to digests: inout [UInt8]) {
        digests.append(contentsOf: SHA256.hash(data: record))
    }
}
