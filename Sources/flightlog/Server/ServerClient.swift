internal import ControlPlane
internal import FoundationEssentials

/// Talks to a running `flightlog serve`.
struct ServerClient: Sendable {
    /// How long an answer may take.
    static let timeout = Duration.seconds(30)

    /// Such as `http://127.0.0.1:8444`.
    let address: String
    let token: Secret?
    /// PEM file of the authorities to trust; nil means those of the system.
    var authorities: String?

    /// Asks for something.
    func get(_ path: String) throws -> [UInt8] { try send("GET", path, body: nil) }

    /// Asks for every page of a list.
    ///
    /// `path` is the list's, without parameters; `next` takes the token of the page that follows one.
    ///
    /// - Throws: `CommandFailure`.
    func pages<Page: Decodable>(
        _ path: String,
        as type: Page.Type,
        next: (Page) -> String?
    ) throws -> [Page] {
        var pages: [Page] = []
        var token: String?
        repeat {
            let after = token.map { "&page_token=\($0)" } ?? ""
            let page = try decode(type, from: try get("\(path)?limit=1000\(after)"))
            pages.append(page)
            token = next(page)
        } while token != nil
        return pages
    }

    /// Sends a request and returns the body of a good answer.
    ///
    /// - Throws: `CommandFailure` with the server's own words where it answered with a problem.
    func send(
        _ method: String,
        _ path: String,
        body: String?,
        headers: [String] = []
    ) throws -> [UInt8] {
        var curl = handle(["Accept: application/json"] + headers)
        if body != nil { curl.add(header: "Content-Type: application/json") }
        let response: HTTPResponse
        do {
            response = try curl.send(
                method,
                to: address + path,
                body: body,
                authorities: authorities,
                timeout: ServerClient.timeout
            )
        } catch { throw away(error) }
        guard (200..<300).contains(response.status) else {
            throw failure(response)
        }
        return response.body
    }

    /// Asks for a stream of server-sent events and hands on its bytes as they come; returns when the server ends it.
    ///
    /// - Parameters:
    ///   - path: The stream's.
    ///   - lastID: The event to go on after; nil begins where the server does.
    ///   - take: Called with every piece.
    /// - Throws: `CommandFailure`, of status `unavailable` also where the stream is cut; what `take` throws.
    func follow(
        _ path: String,
        after lastID: String?,
        _ take: @escaping ([UInt8]) throws -> Void
    ) throws {
        let last = lastID.map { ["Last-Event-ID: \($0)"] } ?? []
        var curl = handle(["Accept: text/event-stream"] + last)
        let response: HTTPResponse
        do {
            response = try curl.follow(
                address + path,
                authorities: authorities,
                connectTimeout: ServerClient.timeout,
                take
            )
        } catch let failure as CurlFailure { throw away(failure) }
        guard (200..<300).contains(response.status) else { throw failure(response) }
    }

    private func handle(_ headers: [String]) -> CurlHandle {
        var curl = CurlHandle()
        for header in headers { curl.add(header: header) }
        if let token { curl.add(header: "Authorization: Bearer \(token.revealed)") }
        return curl
    }

    private func away(_ failure: CurlFailure) -> CommandFailure {
        CommandFailure(
            .unavailable,
            "no server answers at \(address): \(failure.message)",
            hint: "start one with: flightlog serve --config FILE; or name one with --server"
        )
    }

    /// Decodes the body of an answer.
    func decode<Document: Decodable>(_ type: Document.Type, from body: [UInt8]) throws -> Document {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            throw CommandFailure(
                .failure,
                "the answer of \(address) is not one of a flightlog server: \(error)"
            )
        }
    }

    private func failure(_ response: HTTPResponse) -> CommandFailure {
        guard let problem = try? JSONDecoder().decode(Problem.self, from: Data(response.body))
        else {
            return CommandFailure(
                .failure,
                "\(address) answered with HTTP status \(response.status)"
            )
        }
        return CommandFailure(ExitStatus(problem.code), problem.detail, hint: problem.hint)
    }
}
