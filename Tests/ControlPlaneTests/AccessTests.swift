import Catalog
import Foundation
import HTTPTypes
import Logging
import Testing

@testable import ControlPlane

/// Who may do what, for every route there is.
@Suite(.timeLimit(.minutes(5)))
struct AccessTests {
    /// A token of a role, and the text that its holder shows.
    private static func token(
        _ role: Role,
        in catalog: Catalog,
        expiresAt: Int64? = nil
    ) async throws -> String {
        let token = BearerToken()
        let record = AccessToken(
            id: token.id,
            name: "\(role.rawValue)-\(token.id)",
            role: role.rawValue,
            digest: token.digest,
            expiresAt: expiresAt
        )
        try await catalog.create(record)
        return token.text
    }

    /// Every route, without a server.
    private static func routes() async throws -> [Route] {
        try await withDirectory { directory in
            let catalog = try Catalog.open(at: directory + "/catalog.sqlite")
            let supervisor = Supervisor(
                sources: [],
                journals: directory,
                catalog: catalog,
                findTarget: { _ in throw Trouble(.invalid, "There is no target.") },
                logger: .init(label: "test")
            )
            return Routes.all(supervisor)
        }
    }

    @Test func `nobody gets more than their role, and nobody without a token anything`()
        async throws
    {
        let routes = try await Self.routes()
        #expect(routes.count > 20)
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                var shown: [(Role?, String?)] = [(nil, nil)]
                for role in Role.allCases {
                    shown.append((role, try await Self.token(role, in: server.catalog)))
                }
                for route in routes {
                    let path = route.path.replacing("{id}", with: "none")
                        .replacing("{name}", with: "none")
                    for (role, token) in shown {
                        let answer = try await server.send(
                            route.method.rawValue,
                            path,
                            route.method == .get ? nil : "{}",
                            headers: token.map { ["Authorization": "Bearer \($0)"] } ?? [:]
                        )
                        let what: Comment =
                            "\(route.method) \(route.path) as \(role?.rawValue ?? "nobody")"
                        guard let needed = route.role else {
                            // Ready or not, it is told to everybody.
                            #expect([200, 503].contains(answer.status), what)
                            continue
                        }
                        switch role {
                        case nil:
                            #expect(answer.status == 401, what)
                            #expect(answer.code == "unauthenticated", what)
                            #expect(answer.headers["www-authenticate"] == "Bearer", what)
                        case let role? where role < needed:
                            #expect(answer.status == 403, what)
                            #expect(answer.code == "forbidden", what)
                        default:
                            #expect(![401, 403].contains(answer.status), what)
                        }
                    }
                }
            }
        }
    }

    @Test func `what changes something is not for viewers`() async throws {
        for route in try await Self.routes() where route.method != .get {
            #expect(route.role ?? .viewer >= .operator, "\(route.method) \(route.path)")
        }
    }

    @Test func `a token that is unknown, altered or expired opens nothing`() async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                let good = try await Self.token(.admin, in: server.catalog)
                let expired = try await Self.token(.admin, in: server.catalog, expiresAt: 1)
                let altered = String(good.dropLast()) + (good.last == "0" ? "1" : "0")
                for (token, status) in [
                    (good, 200), (expired, 401), (altered, 401), (BearerToken().text, 401),
                    ("x", 401),
                ] {
                    let answer = try await server.send(
                        "GET",
                        "/v1/sources",
                        headers: ["Authorization": "Bearer \(token)"]
                    )
                    #expect(answer.status == status)
                }
                let basic = try await server.send(
                    "GET",
                    "/v1/sources",
                    headers: ["Authorization": "Basic \(good)"]
                )
                #expect(basic.status == 401)
            }
        }
    }

    @Test func `who guesses tokens is slowed down, and who has one is not`() async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                let good = try await Self.token(.viewer, in: server.catalog)
                func status(_ token: String) async throws -> Int {
                    try await server.send(
                        "GET",
                        "/v1/sources",
                        headers: ["Authorization": "Bearer \(token)"]
                    ).status
                }
                var last = 401
                while last == 401 { last = try await status(BearerToken().text) }
                #expect(last == 429)
                #expect(try await status(good) == 200)
            }
        }
    }

    @Test func `where other machines reach the server, no token means no entry`() async throws {
        var options = InterfaceOptions()
        options.isOpenWithoutTokens = false
        let closed = options
        try await withDirectory { directory in
            try await withServer(in: directory, options: closed) { server in
                let sources = try await server.send("GET", "/v1/sources")
                #expect(sources.status == 401)
                let alive = try await server.send("GET", "/livez")
                #expect(alive.status == 200)
            }
        }
    }

    @Test func `a caller names only targets that the configuration allows`() async throws {
        try await withDirectory { directory in
            try await withServer(in: directory, mayName: { $0 == "memory" }) { server in
                for path in ["/v1/tasks", "/v1/restores"] {
                    let answer = try await server.send(
                        "POST",
                        path,
                        #"{"source":"main","target":"http://10.0.0.1:1","to":"latest"}"#
                            .replacing(path == "/v1/tasks" ? #","to":"latest""# : "", with: "")
                    )
                    #expect(answer.status == 403, "\(path)")
                    #expect(answer.code == "refused", "\(path)")
                }
            }
        }
    }

    @Test(arguments: [
        ("localhost", true), ("127.0.0.1:8444", true), ("[::1]:8444", true),
        ("127.0.0.1.evil", false),
        ("evil.example", false), ("localhost.evil", false), ("", false),
    ])
    func `on loopback, a request names this machine`(host: String, isAdmitted: Bool) {
        #expect(HostMiddleware<ControlContext>.admits(host, nil) == isAdmitted)
    }

    @Test func `beyond loopback, names can be listed`() {
        #expect(HostMiddleware<ControlContext>.admits("any.example:1", []))
        #expect(HostMiddleware<ControlContext>.admits("Fl.example:1", ["fl.example"]))
        #expect(!HostMiddleware<ControlContext>.admits("other.example", ["fl.example"]))
    }
}
