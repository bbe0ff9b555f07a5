import CZstd
import FoundationEssentials

/// The files under `Tests/Fixtures`, decompressed.
package enum Fixtures {
    /// A fixture that is missing or damaged.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) { self.description = description }
    }

    /// The content of a `.zst` file, named below `Tests/Fixtures` without `.zst`, such as
    /// `milvus-2.3.5/wal.jsonl`.
    package static func read(_ path: String) throws -> [UInt8] {
        let tests = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.appendingPathComponent("Fixtures/\(path).zst")
        return try decompress([UInt8](try Data(contentsOf: file)), name: path)
    }

    /// The lines of a `.jsonl.zst` file.
    package static func lines(_ path: String) throws -> [ArraySlice<UInt8>] {
        try read(path).split(separator: UInt8(ascii: "\n"))
    }

    private static func decompress(_ frame: [UInt8], name: String) throws -> [UInt8] {
        let size = ZSTD_getFrameContentSize(frame, frame.count)
        guard size < 1 << 30 else { throw Failure(description: "\(name) tells no size") }
        var written = 0
        let content = [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
            written = ZSTD_decompress(buffer.baseAddress, buffer.count, frame, frame.count)
            count = ZSTD_isError(written) == 0 ? written : 0
        }
        guard ZSTD_isError(written) == 0, written == Int(size) else {
            throw Failure(description: "\(name) is damaged")
        }
        return content
    }
}
