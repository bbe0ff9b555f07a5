package import HTTPTypes
internal import Hummingbird

/// One method of one path of the interface: who may use it, and what answers it.
package struct Route: Sendable {
    /// What answers a request.
    typealias Answer = @Sendable (Request, ControlContext) async throws -> Response

    package let method: HTTPRequest.Method
    /// As OpenAPI writes it, such as `/v1/tasks/{id}`.
    package let path: String
    /// The least role that may use it; nil means everybody, with no token.
    package let role: Role?
    let answer: Answer

    init(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ role: Role?,
        use handler:
            @escaping @Sendable (Request, ControlContext) async throws -> some ResponseGenerator
    ) {
        self.method = method
        self.path = path
        self.role = role
        answer = { request, context in
            try await handler(request, context).response(from: request, context: context)
        }
    }
}

/// The routes of one resource.
protocol RouteGroup {
    /// Every one, in the order of the contract.
    var routes: [Route] { get }
}
