/// The fields of a request as mapstructure 1.5 reads them: keys in any case, unknown ones ignored, types strict.
///
/// What does not fit is noted and read as nothing, so that one answer names all of it.
final class CDCFields {
    /// What was found wrong in a whole request.
    final class Complaints {
        fileprivate var lines: [String] = []

        /// All of it as one text; nil if nothing was wrong.
        var text: String? {
            guard !lines.isEmpty else { return nil }
            let list = lines.sorted().map { "* \($0)" }.joined(separator: "\n")
            return "\(lines.count) error(s) decoding:\n\n\(list)"
        }
    }

    /// Keys whose value is never repeated, not even to say that it is wrong.
    private static let secrets: Set<String> = ["token", "password"]

    private let name: String
    private let members: [CDCValue.Member]
    private let complaints: Complaints

    init(_ members: [CDCValue.Member], name: String = "", _ complaints: Complaints) {
        self.members = members
        self.name = name
        self.complaints = complaints
    }

    func text(_ key: String) -> String {
        switch value(key) {
        case .text(let text): return text
        case .null: return ""
        case let other:
            complain(key, "string", other)
            return ""
        }
    }

    /// Floats are cut to whole numbers.
    func number(_ key: String) -> Int {
        switch value(key) {
        case .number(let number): return Int(exactly: number.rounded(.towardZero)) ?? Int.max
        case .null: return 0
        case let other:
            complain(key, "int", other)
            return 0
        }
    }

    func flag(_ key: String) -> Bool {
        switch value(key) {
        case .bool(let flag): return flag
        case .null: return false
        case let other:
            complain(key, "bool", other)
            return false
        }
    }

    /// An object with fields of its own.
    func section(_ key: String) -> CDCFields { section(value(key), named: path(key)) }

    /// An object whose keys are the caller's; nil where there is none.
    func map(_ key: String) -> [CDCValue.Member]? { map(value(key), named: path(key)) }

    /// An object whose keys and values are the caller's texts; nil where there is none.
    func texts(_ key: String) -> [String: String]? {
        guard let members = map(key) else { return nil }
        var texts: [String: String] = [:]
        for member in members {
            switch member.value {
            case .text(let text): texts[member.key] = text
            case .null: texts[member.key] = ""
            case let other: complain("\(key)[\(member.key)]", "string", other)
            }
        }
        return texts
    }

    /// A list of objects; nil where there is none.
    func sections(_ key: String) -> [CDCFields]? { sections(value(key), named: path(key)) }

    /// Lists of objects by the caller's keys; nil where there is none.
    func sectionLists(_ key: String) -> [(key: String, sections: [CDCFields])]? {
        map(key)?.map { member in
            let name = "\(path(key))[\(member.key)]"
            return (member.key, sections(member.value, named: name) ?? [])
        }
    }

    private func section(_ value: CDCValue, named name: String) -> CDCFields {
        CDCFields(map(value, named: name) ?? [], name: name, complaints)
    }

    private func map(_ value: CDCValue, named name: String) -> [CDCValue.Member]? {
        switch value {
        case .map(let members): return members
        case .null: return nil
        default:
            complaints.lines.append("'\(name)' expected a map, got '\(value.goKind)'")
            return nil
        }
    }

    private func sections(_ value: CDCValue, named name: String) -> [CDCFields]? {
        switch value {
        case .list(let values):
            return values.enumerated().map { section($1, named: "\(name)[\($0)]") }
        case .null: return nil
        default:
            complaints.lines.append(
                "'\(name)': source data must be an array or slice, got \(value.goKind)"
            )
            return nil
        }
    }

    private func value(_ key: String) -> CDCValue {
        let exact = members.first { $0.key == key }
        return (exact ?? members.first { $0.key.lowercased() == key.lowercased() })?.value ?? .null
    }

    private func path(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }

    private func complain(_ key: String, _ type: String, _ value: CDCValue) {
        let shown = Self.secrets.contains(key) ? "*****" : value.shown
        complaints.lines.append(
            "'\(path(key))' expected type '\(type)', got unconvertible type '\(value.goType)', "
                + "value: '\(shown)'"
        )
    }
}
