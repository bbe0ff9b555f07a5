internal import Catalog
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Synchronization

/// Lets in who may use a route, and nobody too often.
final class Gate: Sendable {
    /// How many wrong tokens one address may show: a few at once, then one a second.
    private static let wrongTokensPerSecond = 1.0
    private static let wrongTokensBurst = 5.0

    private struct State {
        var calls: CallRates
        var wrongTokens = CallRates(
            perSecond: Gate.wrongTokensPerSecond,
            burst: Gate.wrongTokensBurst
        )
    }

    private let catalog: Catalog
    /// Whether requests are answered where no token exists at all.
    private let isOpenWithoutTokens: Bool
    private let logger: Logger
    private let state: Mutex<State>

    init(catalog: Catalog, options: InterfaceOptions, logger: Logger) {
        self.catalog = catalog
        isOpenWithoutTokens = options.isOpenWithoutTokens
        self.logger = logger
        let rate = Double(options.requestsPerSecondMax)
        state = Mutex(State(calls: CallRates(perSecond: rate, burst: rate * 2)))
    }

    /// Who asks, if they may.
    ///
    /// - Throws: `Problem` with code `unauthenticated`, `forbidden` or `too_many_requests`.
    func admit(_ request: Request, from address: String, to role: Role?) async throws -> Caller {
        let caller = try await caller(of: request, at: address, to: role)
        guard state.withLock({ $0.calls.take(caller.key, at: .now) }) else {
            throw Problem(
                .tooManyRequests,
                "\(caller.name) asks too often.",
                hint: "Wait a second, and ask for less at a time."
            )
        }
        guard let role, caller.role < role else { return caller }
        throw Problem(
            .forbidden,
            "This needs the role \(role.rawValue), and \(caller.name) is \(caller.role.rawValue).",
            hint: "Use a token of that role."
        )
    }

    private func caller(
        of request: Request,
        at address: String,
        to role: Role?
    ) async throws -> Caller {
        guard role != nil else { return Caller(name: address, role: .viewer, key: address) }
        let shown = request.headers[.authorization].map { $0.split(separator: " ") }
        let isBearer = shown.map { $0.count == 2 && $0[0].lowercased() == "bearer" } ?? false
        let token = isBearer ? shown.flatMap { BearerToken($0[1]) } : nil
        let found = try await catalog.token(token?.id)
        if let token, let known = found.token, token.matches(known.digest),
            known.expiresAt.map({ $0 > WallClock.now }) ?? true,
            let role = Role(rawValue: known.role)
        {
            try await catalog.noteUse(of: known)
            return Caller(name: known.name, role: role, key: "token \(known.id)")
        }
        if !found.isAnyThere, isOpenWithoutTokens {
            return Caller(name: address, role: .admin, key: address)
        }
        guard shown != nil else {
            throw Problem(
                .unauthenticated,
                "A token is needed.",
                hint: "Send Authorization: Bearer TOKEN; flightlog token create makes one."
            )
        }
        guard state.withLock({ $0.wrongTokens.take(address, at: .now) }) else {
            throw Problem(.tooManyRequests, "\(address) shows too many wrong tokens.")
        }
        logger.warning("a wrong token was shown", metadata: ["address": "\(address)"])
        throw Problem(.unauthenticated, "The token is unknown or has expired.")
    }
}

/// Who asks.
struct Caller: Sendable {
    /// A token's name, or an address.
    let name: String
    let role: Role
    /// What their requests are counted under.
    let key: String
}
