internal import Operations

/// The parameters of an index, in one form.
///
/// Clients give them as `index_type`, `metric_type` and `params`, a JSON object in a text; servers give them back
/// so, or with the object's members beside the others, or both.
struct IndexParameters: Hashable, Sendable {
    /// By name; values as text without quotes.
    let values: [String: String]

    init(_ parameters: [Property]) {
        var values: [String: String] = [:]
        for parameter in parameters {
            if parameter.key == "params" {
                values.merge(FlatJSON.members(of: parameter.value)) { first, _ in first }
            } else {
                values[parameter.key] = parameter.value
            }
        }
        self.values = values
    }

    /// What a server adds by itself.
    private static let additions: Set<String> = [
        "dim", "mmap.enabled", "index_type", "metric_type",
    ]

    /// How the parameters of an index that is there differ from these, which are wanted: sentences.
    func differences(from found: IndexParameters) -> [String] {
        var differences: [String] = []
        for (key, value) in values.sorted(by: { $0.key < $1.key }) where found.values[key] != value
        {
            // Without a type the server chooses one.
            if value.isEmpty || value == "AUTOINDEX" { continue }
            differences.append("its \(key) is \(found.values[key] ?? "unset"), not \(value)")
        }
        for (key, value) in found.values.sorted(by: { $0.key < $1.key })
        where values[key] == nil && Self.additions.contains(key) == false && value.isEmpty == false
        {
            differences.append("it has \(key) \(value) too")
        }
        return differences
    }
}

/// Reads the members of a JSON object of numbers, texts and truths.
enum FlatJSON {
    /// The members, values as text without quotes; empty if the text is no such object.
    static func members(of text: String) -> [String: String] {
        var members: [String: String] = [:]
        let trimmed = text.drop(while: \.isWhitespace)
        guard trimmed.first == "{", let end = trimmed.lastIndex(of: "}") else { return [:] }
        let inner = trimmed[trimmed.index(after: trimmed.startIndex)..<end]
        for member in split(inner, ",") {
            let parts = split(member, ":")
            guard parts.count == 2 else { continue }
            members[bare(parts[0])] = bare(parts[1])
        }
        return members
    }

    /// Splits at a separator that is not within quotes.
    private static func split(_ text: Substring, _ separator: Character) -> [Substring] {
        var isQuoted = false
        return text.split {
            if $0 == "\"" { isQuoted.toggle() }
            return $0 == separator && isQuoted == false
        }
    }

    private static func bare(_ text: Substring) -> String {
        var trimmed = text.drop(while: \.isWhitespace)
        while trimmed.last?.isWhitespace == true { trimmed.removeLast() }
        guard trimmed.count >= 2, trimmed.first == "\"", trimmed.last == "\"" else {
            return String(trimmed)
        }
        return String(trimmed.dropFirst().dropLast())
    }
}
