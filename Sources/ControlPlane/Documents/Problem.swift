/// What an answer says when it is not what was asked for: RFC 9457's problem details.
package struct Problem: Error, Codable, Hashable, Sendable {
    /// What kind of trouble it is; stable, for programs.
    ///
    /// `docs/problems/` has a page for each.
    package enum Code: String, Codable, CaseIterable, Sendable {
        /// The request cannot be understood, or names something that cannot be.
        case invalid
        /// A token is needed, and none was shown that is known.
        case unauthenticated
        /// The token's role is not enough.
        case forbidden
        /// What is asked for is never done, whoever asks.
        case refused
        case notFound = "not_found"
        /// The path is there, and does not take this method.
        case methodNotAllowed = "method_not_allowed"
        /// The request did not arrive in time.
        case timeout
        /// Something of that name is there already, or its state forbids this.
        case conflict
        /// It is no longer in the state that the request names in `If-Match`.
        case changed
        /// The body is larger than any that makes sense.
        case tooLarge = "too_large"
        /// The body is not JSON by its own word.
        case unsupportedMedia = "unsupported_media"
        case tooManyRequests = "too_many_requests"
        /// An error of the server.
        case failed
        case notBuilt = "not_built"
        /// A peer cannot be reached.
        case unavailable
    }

    /// Names the code for whoever knows problem details and not us; never changes.
    package let type: String
    package let code: Code
    /// A few words that are the same for every problem of the code.
    package let title: String
    /// The HTTP status.
    package let status: Int
    /// One sentence about this case.
    package let detail: String
    /// What to do about it, as one sentence.
    package let hint: String?

    package init(_ code: Code, _ detail: String, hint: String? = nil) {
        type = "urn:flightlog:problem:\(code.rawValue)"
        self.code = code
        title = code.title
        status = code.status
        self.detail = detail
        self.hint = hint
    }
}

extension Problem.Code {
    /// A few words for people.
    package var title: String {
        switch self {
        case .invalid: "The request is not valid"
        case .unauthenticated: "A token is needed"
        case .forbidden: "The token's role is not enough"
        case .refused: "Refused"
        case .notFound: "There is no such thing"
        case .methodNotAllowed: "The path does not take this method"
        case .timeout: "The request took too long"
        case .conflict: "This conflicts with what is there"
        case .changed: "It was changed meanwhile"
        case .tooLarge: "The body is too large"
        case .unsupportedMedia: "The body is not JSON"
        case .tooManyRequests: "Too many requests"
        case .failed: "The server failed"
        case .notBuilt: "Not built yet"
        case .unavailable: "A peer is unavailable"
        }
    }

    /// The HTTP status it is answered with.
    package var status: Int {
        switch self {
        case .invalid: 400
        case .unauthenticated: 401
        case .forbidden, .refused: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .timeout: 408
        case .conflict: 409
        case .changed: 412
        case .tooLarge: 413
        case .unsupportedMedia: 415
        case .tooManyRequests: 429
        case .failed: 500
        case .notBuilt: 501
        case .unavailable: 503
        }
    }
}
