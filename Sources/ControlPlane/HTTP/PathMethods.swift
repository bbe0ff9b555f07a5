internal import HTTPTypes

/// Which methods each path of the interface takes.
struct PathMethods: Sendable {
    private let routes: [(parts: [Substring], method: String)]

    init(_ routes: [Route]) {
        self.routes = routes.map { (Self.parts($0.path), $0.method.rawValue) }
    }

    /// The methods of a path, in alphabetical order; none where there is no such path.
    func allowed(at path: String) -> [String] {
        let asked = Self.parts(path)
        let matching = routes.filter { route in
            route.parts.count == asked.count
                && zip(route.parts, asked).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
        // The router goes where the most parts are literal.
        let variables = matching.map { route in route.parts.filter { $0.hasPrefix("{") }.count }
        let least = variables.min()
        return Set(zip(matching, variables).filter { $0.1 == least }.map { $0.0.method }).sorted()
    }

    private static func parts(_ path: String) -> [Substring] { path.split(separator: "/") }
}
