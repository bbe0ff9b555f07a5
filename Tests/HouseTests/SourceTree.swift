import Foundation

/// The hand-written Swift files of the checkout.
struct SourceTree {
    /// A file with its lines.
    struct File {
        /// Relative to the checkout, such as `Sources/Journal/Zstd.swift`.
        let path: String
        /// The target it belongs to.
        let target: String
        let lines: [String]

        /// The name within its target's folder, such as `Journal/Zstd.swift`.
        var name: String { String(path.dropFirst("Sources/".count)) }
    }

    /// The checkout's root, found from this file.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every Swift file under `Sources`, generated ones left out.
    static let files: [File] = {
        let sources = root.appending(path: "Sources").resolvingSymlinksInPath()
        let names = FileManager.default.enumerator(atPath: sources.path)?.allObjects as? [String]
        return (names ?? []).sorted().compactMap { name in
            guard name.hasSuffix(".swift"), !name.contains("/Generated/") else { return nil }
            let text = try? String(contentsOf: sources.appending(path: name), encoding: .utf8)
            return File(
                path: "Sources/\(name)",
                target: String(name.prefix { $0 != "/" }),
                lines: (text ?? "").components(separatedBy: "\n")
            )
        }
    }()

    /// The line without what stands in comments and, roughly, in texts.
    static func code(_ line: String) -> String {
        var code = ""
        var isText = false
        var last: Character = " "
        for character in line {
            if character == "\"", last != "\\" { isText.toggle() }
            if !isText, character == "/", last == "/" { return String(code.dropLast()) }
            if !isText { code.append(character) }
            last = character
        }
        return code
    }
}
