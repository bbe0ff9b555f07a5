internal import FoundationEssentials
internal import Hummingbird

/// Which part of a list is asked for: `limit` and `page_token`.
struct PageRequest {
    /// How many elements a page has where nothing is said, and at most.
    static let limitDefault = 100
    static let limitMax = 1000

    let limit: Int
    let after: PageToken?

    /// - Throws: `Problem` with code `invalid`.
    init(_ request: Request) throws {
        limit = Int(
            try request.query("limit", in: 1...Int64(Self.limitMax)) ?? Int64(Self.limitDefault)
        )
        after = try request.query("page_token").map { try PageToken(text: $0) }
    }

    /// The elements that come after the token, and the token of the next page if there is one.
    ///
    /// - Parameters:
    ///   - all: In the order of their keys.
    ///   - key: What an element is ordered by; no two have the same.
    /// - Returns: The page.
    /// - Throws: `Problem` with code `invalid` for a token of another list.
    func of<Element>(
        _ all: [Element],
        key: (Element) -> [String]
    ) throws -> (elements: [Element], next: String?) {
        var rest = all[...]
        if let after {
            rest = rest.drop { !after.parts.lexicographicallyPrecedes(key($0)) }
        }
        let page = rest.prefix(limit)
        guard page.count < rest.count, let last = page.last else { return (Array(page), nil) }
        return (Array(page), PageToken(parts: key(last)).text)
    }
}

/// Where a page ends: what its last element is ordered by, in a form that says nothing to anybody else.
struct PageToken: Hashable {
    let parts: [String]

    init(parts: [String]) { self.parts = parts }

    /// - Throws: `Problem` with code `invalid`.
    init(text: String) throws {
        let base64 = text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        let padding = String(repeating: "=", count: (4 - base64.count % 4) % 4)
        guard let data = Data(base64Encoded: String(base64) + padding),
            let parts = try? JSONDecoder().decode([String].self, from: data), !parts.isEmpty
        else {
            throw Problem(
                .invalid,
                "The page_token is not one of ours.",
                hint: "Take it from next_page_token of the page before."
            )
        }
        self.parts = parts
    }

    var text: String {
        let bytes = (try? JSONBytes.of(parts)) ?? []
        return Data(bytes).base64EncodedString().filter { $0 != "=" }
            .reduce(into: "") { $0.append($1 == "+" ? "-" : $1 == "/" ? "_" : $1) }
    }

    /// A number that is ordered as its text is.
    static func number(_ value: Int64) -> String {
        let digits = String(max(0, value))
        return String(repeating: "0", count: max(0, 19 - digits.utf8.count)) + digits
    }
}
