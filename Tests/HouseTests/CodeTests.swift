import Foundation
import Testing

/// The files that may touch memory by address; each wraps one library, the system, or a loop
/// that is fast only without bounds checks.
private let unsafeFiles: Set<String> = [
    "Journal/Zstd.swift", "Journal/PosixStorage.swift", "Journal/Checksum.swift",
    "Journal/BytePlanes.swift", "Milvus/Target/RopeSerializer.swift",
    "Kafka/KafkaHandle.swift", "flightlog/Server/CurlHandle.swift",
    "flightlog/Output/StandardStream.swift", "flightlog/Wiring/ProcessFiles.swift",
]

/// Ends of type names that say nothing.
private let emptyWords = [
    "Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Common", "Base", "Impl", "Default",
    "Info", "Data",
]

@Suite struct CodeTests {
    @Test func `memory is touched by address only where a library or the system is wrapped`() {
        for file in SourceTree.files where !unsafeFiles.contains(file.name) {
            for (index, line) in file.lines.enumerated() {
                let words = SourceTree.code(line).split { !$0.isLetter }
                #expect(!words.contains("unsafe"), "\(file.path):\(index + 1)")
            }
        }
    }

    @Test func `what goes around the checks of concurrency says why on the line above`() {
        for file in SourceTree.files {
            for (index, line) in file.lines.enumerated() {
                let code = SourceTree.code(line)
                guard
                    code.contains("@unchecked Sendable") || code.contains("nonisolated(unsafe)")
                        || code.contains("@preconcurrency")
                else { continue }
                let above = index > 0 ? file.lines[index - 1] : ""
                #expect(above.contains("Sendable because"), "\(file.path):\(index + 1)")
            }
        }
    }

    @Test func `no type is called Manager, Helper or the like`() {
        for file in SourceTree.files {
            for (index, line) in file.lines.enumerated() {
                let words = SourceTree.code(line).split {
                    !$0.isLetter && !$0.isNumber && $0 != "_"
                }
                .map(String.init)
                for (kind, name) in zip(words, words.dropFirst())
                where ["struct", "class", "enum", "actor", "protocol", "typealias"].contains(kind) {
                    let isEmpty = emptyWords.contains { name.hasSuffix($0) }
                    #expect(!isEmpty, "\(file.path):\(index + 1) \(name)")
                }
            }
        }
    }

    @Test func `every type and function that other rooms may use has a doc comment`() {
        // Cases, stored properties and initialisers of a documented type may speak for themselves.
        let kinds = ["struct", "class", "enum", "actor", "protocol", "typealias", "func"]
        // The requirements of a protocol are documented there.
        let inherited = [
            "run", "encode", "write", "load", "save", "hash", "==", "<", "response", "handle",
            "log",
            "decode", "admit", "definition", "fieldName", "bounds", "follow", "unfollow", "hold",
            "next", "close", "snapshot", "watch", "arrived", "caughtUp", "describe", "start",
            "head", "freeBytes",
            "cursor", "heads", "sync", "create", "list", "open", "rename", "remove", "size", "read",
            "truncate", "lock", "isLockedByOther",
        ]
        for file in SourceTree.files where file.target != "MilvusAPI" {
            for (index, line) in file.lines.enumerated() {
                let words = SourceTree.code(line).split(separator: " ").map(String.init)
                guard words.first == "package", let kind = words.firstIndex(where: kinds.contains),
                    kind + 1 < words.count
                else { continue }
                var name = words[kind + 1].prefix { $0.isLetter || $0.isNumber }
                // Operators.
                if name.isEmpty { name = words[kind + 1][...] }
                if words[kind] == "func", inherited.contains(String(name)) || isTarget(file) {
                    continue
                }
                var above = index - 1
                while above >= 0, file.lines[above].drop(while: \.isWhitespace).hasPrefix("@") {
                    above -= 1
                }
                let comment = above >= 0 ? file.lines[above].drop(while: \.isWhitespace) : ""
                #expect(comment.hasPrefix("///"), "\(file.path):\(index + 1) \(name)")
            }
        }
    }

    /// Whether a file is an implementation of `Target`, whose calls are documented there.
    private func isTarget(_ file: SourceTree.File) -> Bool {
        file.name.hasPrefix("Milvus/Target/MilvusTarget")
            || file.name.hasPrefix("Replay/InMemory/InMemoryTarget")
            || file.name == "Replay/Target.swift"
    }

    @Test func `migrations are numbered without a hole and named by what they do`() throws {
        let folder = SourceTree.root.appending(path: "migrations").path
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            .filter { $0.hasSuffix(".sql") }
        #expect(!names.isEmpty)
        for (index, name) in names.enumerated() {
            let number = String(index + 1)
            let padded = String(repeating: "0", count: 4 - number.count) + number
            let isNamed = name.wholeMatch(of: #/\d{4}(_[a-z]+)+\.sql/#) != nil
            #expect(name.hasPrefix("\(padded)_") && isNamed, "\(name)")
        }
    }
}
