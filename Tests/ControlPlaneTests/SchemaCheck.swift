import Foundation

/// Holds JSON against the schemas of an OpenAPI document: types, required and known keys, enums, elements.
struct SchemaCheck {
    private let schemas: [String: [String: Any]]

    init(_ document: [String: Any]) throws {
        let components = try required(document["components"] as? [String: Any])
        schemas = try required(components["schemas"] as? [String: [String: Any]])
    }

    func named(_ name: String) throws -> [String: Any] { try required(schemas[name]) }

    /// What does not fit, each with where it is.
    func troubles(in value: Any, of name: String) throws -> [String] {
        try troubles(value, named(name), at: name)
    }

    private func troubles(
        _ value: Any,
        _ schema: [String: Any],
        at place: String
    ) throws -> [String] {
        if let reference = schema["$ref"] as? String {
            let name = reference.replacing("#/components/schemas/", with: "")
            return try troubles(value, named(name), at: place)
        }
        let types = schema["type"].map { $0 as? [String] ?? [$0 as? String ?? "?"] } ?? []
        guard types.isEmpty || types.contains(where: { Self.isOf($0, value) }) else {
            return ["\(place) is not \(types)"]
        }
        var found: [String] = []
        if let allowed = schema["enum"] as? [String], let text = value as? String,
            !allowed.contains(text)
        {
            found.append("\(place) is \(text)")
        }
        if let pattern = schema["pattern"] as? String, let text = value as? String,
            text.range(of: pattern, options: .regularExpression) == nil
        {
            found.append("\(place) is \(text)")
        }
        if let elements = value as? [Any], let items = schema["items"] as? [String: Any] {
            for element in elements { found += try troubles(element, items, at: "\(place)[]") }
        }
        if let object = value as? [String: Any] {
            let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
            for key in schema["required"] as? [String] ?? [] where object[key] == nil {
                found.append("\(place).\(key) is missing")
            }
            for (key, member) in object {
                guard let property = properties[key] else {
                    found.append("\(place).\(key) is not in the document")
                    continue
                }
                found += try troubles(member, property, at: "\(place).\(key)")
            }
        }
        return found
    }

    private static func isOf(_ type: String, _ value: Any) -> Bool {
        switch type {
        case "null": return value is NSNull
        case "object": return value is [String: Any]
        case "array": return value is [Any]
        case "string": return value is String
        case "boolean":
            return (value as? NSNumber).map { "\($0.objCType.pointee)" == "99" } ?? false
        case "number": return value is NSNumber
        case "integer":
            guard let number = value as? NSNumber else { return false }
            return number.doubleValue.rounded() == number.doubleValue
        default: return false
        }
    }
}
