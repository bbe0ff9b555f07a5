internal import Yams

/// One mapping of the configuration file, of which every key is known.
struct SettingsSection {
    /// Where it stands, such as `sources.main.kafka`; empty for the whole file.
    let path: String
    /// The line where it begins.
    let line: Int?
    private let values: [String: Node]
    private let source: SettingsSource

    /// `keys` is every key that may stand here; nil where the keys are names that the user gives.
    ///
    /// - Throws: A failure that names the line and the nearest key of an unknown one.
    init(
        _ node: Node,
        at path: String,
        keys: [String]?,
        source: SettingsSource
    ) throws(SettingsFailure) {
        let place = path.isEmpty ? "the file" : path
        guard case .mapping(let mapping) = node else {
            throw SettingsFailure(
                line: node.mark?.line,
                "\(place) must be keys with values, not \(SettingsSection.kind(node))"
            )
        }
        var values: [String: Node] = [:]
        for (key, value) in mapping {
            guard let name = key.scalar?.string else {
                throw SettingsFailure(line: key.mark?.line, "a key of \(place) is not a word")
            }
            if let keys, !keys.contains(name) {
                let nearest = NearestKey.nearest(to: name, of: keys)
                throw SettingsFailure(
                    line: key.mark?.line,
                    "unknown key \"\(name)\" in \(place)"
                        + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
                )
            }
            values[name] = value
        }
        self.path = path
        self.line = node.mark?.line
        self.values = values
        self.source = source
    }

    /// The keys that are there, in alphabetical order.
    var keys: [String] { values.keys.sorted() }

    /// The full name of a key here, such as `sources.main.kafka.brokers`.
    func name(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// The line of a key's value.
    func line(of key: String) -> Int? { values[key]?.mark?.line ?? line }

    /// A failure about the value of a key.
    func failure(_ key: String, _ message: String) -> SettingsFailure {
        SettingsFailure(line: line(of: key), "\(name(of: key)) \(message)")
    }

    /// Whether a key is there with a value; `key:` alone counts as not there.
    func has(_ key: String) -> Bool { values[key].map { !SettingsSection.isNull($0) } ?? false }

    /// The section at a key.
    func section(_ key: String, keys: [String]?) throws(SettingsFailure) -> SettingsSection? {
        guard has(key), let node = values[key] else { return nil }
        return try SettingsSection(node, at: name(of: key), keys: keys, source: source)
    }

    /// The section at a key that must be there.
    func requiredSection(_ key: String, keys: [String]?) throws(SettingsFailure) -> SettingsSection
    {
        guard let section = try section(key, keys: keys) else { throw missing(key) }
        return section
    }

    /// The text at a key.
    func text(_ key: String) throws(SettingsFailure) -> String? {
        guard has(key), let node = values[key] else { return nil }
        guard case .scalar(let scalar) = node, !SettingsSection.isTagged(node, .bool) else {
            throw failure(key, "must be a text, not \(SettingsSection.kind(node))")
        }
        guard !scalar.string.isEmpty else { throw failure(key, "is empty") }
        return scalar.string
    }

    /// The text at a key that must be there.
    func requiredText(_ key: String) throws(SettingsFailure) -> String {
        guard let text = try text(key) else { throw missing(key) }
        return text
    }

    /// The whole number at a key.
    func number(_ key: String) throws(SettingsFailure) -> Int? {
        guard has(key), let node = values[key] else { return nil }
        guard case .scalar = node, SettingsSection.isTagged(node, .int), let number = node.int
        else {
            throw failure(key, "must be a whole number, not \(SettingsSection.kind(node))")
        }
        return number
    }

    /// The list of texts at a key that must be there and hold at least one.
    func requiredTexts(_ key: String) throws(SettingsFailure) -> [String] {
        guard has(key), let node = values[key] else { throw missing(key) }
        guard case .sequence(let sequence) = node else {
            throw failure(key, "must be a list, not \(SettingsSection.kind(node))")
        }
        var texts: [String] = []
        for element in sequence {
            guard case .scalar(let scalar) = element, !scalar.string.isEmpty else {
                throw SettingsFailure(
                    line: element.mark?.line,
                    "\(name(of: key)) must hold texts, not \(SettingsSection.kind(element))"
                )
            }
            texts.append(scalar.string)
        }
        guard !texts.isEmpty else { throw failure(key, "is an empty list") }
        return texts
    }

    /// The secret at a key: `{ env: NAME }`, `{ file: PATH }` or the text itself.
    func secret(_ key: String) throws(SettingsFailure) -> Secret? {
        guard has(key), let node = values[key] else { return nil }
        if case .scalar(let scalar) = node { return Secret(scalar.string) }
        guard let section = try section(key, keys: ["env", "file"]) else { throw missing(key) }
        switch (try section.text("env"), try section.text("file")) {
        case (let variable?, nil):
            guard let value = source.environment[variable], !value.isEmpty else {
                throw failure(key, "needs the environment variable \(variable), which is not set")
            }
            return Secret(value)
        case (nil, let path?):
            do {
                let text = try source.read(path)
                return Secret(String(text.trimmingLastNewline))
            } catch { throw failure(key, "needs the file \(path), which cannot be read") }
        default: throw failure(key, "must be { env: NAME }, { file: PATH } or a text")
        }
    }

    private func missing(_ key: String) -> SettingsFailure {
        let place = path.isEmpty ? "the file" : path
        return SettingsFailure(line: line, "\(place) lacks the key \"\(key)\"")
    }

    private static func isNull(_ node: Node) -> Bool {
        if case .scalar = node { return isTagged(node, .null) }
        return false
    }

    /// Whether YAML takes a word for a truth value, a number, or nothing.
    private static func isTagged(_ node: Node, _ name: Tag.Name) -> Bool {
        node.tag.description == name.rawValue
    }

    /// What a node is, for a sentence.
    private static func kind(_ node: Node) -> String {
        switch node {
        case .mapping: "keys with values"
        case .sequence: "a list"
        case .alias: "an alias"
        case .scalar(let scalar): isNull(node) ? "nothing" : "\"\(scalar.string)\""
        }
    }
}

extension String {
    /// Without the newline that editors put at the end of a file.
    fileprivate var trimmingLastNewline: Substring {
        var rest = self[...]
        while let last = rest.last, last.isNewline { rest = rest.dropLast() }
        return rest
    }
}
