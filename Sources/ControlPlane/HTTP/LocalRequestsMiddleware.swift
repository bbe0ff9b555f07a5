internal import HTTPTypes
internal import Hummingbird

/// Lets only programs of this machine in, and no pages of a browser on it.
///
/// Why: a loopback address keeps other machines out, but any web page that is open in a browser here can send
/// requests to it, under its own name (`Origin`) or, by a DNS answer that changes, under ours (`Host`).
struct LocalRequestsMiddleware<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard request.headers[.origin] == nil else {
            throw Problem(.refused, "Requests of web pages are refused.")
        }
        guard let authority = request.head.authority, Self.isLocal(authority) else {
            throw Problem(
                .refused,
                "The request names a host that is not this machine.",
                hint: "Address the server as 127.0.0.1, [::1] or localhost."
            )
        }
        return try await next(request, context)
    }

    private static func isLocal(_ authority: String) -> Bool {
        if authority.hasPrefix("[") { return authority.hasPrefix("[::1]") }
        let host = authority.split(separator: ":", omittingEmptySubsequences: false).first ?? ""
        return host == "localhost"
            || host.hasPrefix("127.")
                && host.allSatisfy { $0.isNumber || $0 == "." }
    }
}
