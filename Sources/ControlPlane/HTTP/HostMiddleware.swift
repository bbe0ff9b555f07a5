internal import HTTPTypes
internal import Hummingbird

/// Refuses what a web page of a browser could send, and requests that are meant for another host.
///
/// Why: a loopback address keeps other machines out, but any web page that is open in a browser here can send
/// requests to it, under its own name (`Origin`) or, by a DNS answer that changes, under ours (`Host`).
struct HostMiddleware<Context: RequestContext>: RouterMiddleware {
    /// The hosts that a request may name; nil means this machine's loopback names, an empty list any.
    let hosts: [String]?

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard request.headers[.origin] == nil else {
            throw Problem(.refused, "Requests of web pages are refused.")
        }
        // The first one was taken out of the fields.
        guard let authority = request.head.authority,
            !request.headers.contains(where: { $0.name.canonicalName == "host" })
        else {
            throw Problem(.invalid, "The request does not name one host.")
        }
        guard Self.admits(authority, hosts) else {
            throw Problem(
                .refused,
                "The request names a host that this server is not.",
                hint: hosts == nil
                    ? "Address the server as 127.0.0.1, [::1] or localhost."
                    : "Address the server by a name of listen_hosts."
            )
        }
        return try await next(request, context)
    }

    static func admits(_ authority: String, _ hosts: [String]?) -> Bool {
        if isLocal(authority) { return true }
        guard let hosts else { return false }
        guard !hosts.isEmpty else { return true }
        return hosts.contains(name(in: authority).lowercased())
    }

    private static func name(in authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return String(authority[authority.index(after: authority.startIndex)..<end])
        }
        let host = authority.split(separator: ":", omittingEmptySubsequences: false).first ?? ""
        return String(host)
    }

    private static func isLocal(_ authority: String) -> Bool {
        let host = name(in: authority)
        return host == "localhost" || host == "::1"
            || host.hasPrefix("127.")
                && host.allSatisfy { $0.isNumber || $0 == "." }
    }
}
