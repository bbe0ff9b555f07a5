/// What an answer says when it is not what was asked for: RFC 9457's problem details.
package struct Problem: Error, Codable, Hashable, Sendable {
    /// What kind of trouble it is; stable, for programs.
    package enum Code: String, Codable, CaseIterable, Sendable {
        /// The request cannot be understood, or names something that cannot be.
        case invalid
        case notFound = "not_found"
        /// Something of that name is there already, or its state forbids this.
        case conflict
        case refused
        /// A peer cannot be reached.
        case unavailable
        case notBuilt = "not_built"
        /// An error of the server.
        case failed
    }

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
        self.code = code
        title = code.title
        status = code.status
        self.detail = detail
        self.hint = hint
    }
}

extension Problem.Code {
    fileprivate var title: String {
        switch self {
        case .invalid: "The request is not valid"
        case .notFound: "There is no such thing"
        case .conflict: "This conflicts with what is there"
        case .refused: "Refused"
        case .unavailable: "A peer is unavailable"
        case .notBuilt: "Not built yet"
        case .failed: "The server failed"
        }
    }

    fileprivate var status: Int {
        switch self {
        case .invalid: 400
        case .notFound: 404
        case .conflict: 409
        case .refused: 403
        case .unavailable: 503
        case .notBuilt: 501
        case .failed: 500
        }
    }
}
