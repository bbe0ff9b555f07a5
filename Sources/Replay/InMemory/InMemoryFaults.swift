package import Operations

/// One call that an in-memory target took, as tests compare it.
package struct InMemoryCall: Hashable, Sendable, CustomStringConvertible {
    package let kind: OperationKind
    /// What it was about, such as a collection's name.
    package let subject: String
    /// Rows' keys or what else it carried.
    package let detail: [Int64]
    package let isInDoubt: Bool

    package init(
        _ kind: OperationKind,
        _ subject: String,
        _ detail: [Int64] = [],
        isInDoubt: Bool = false
    ) {
        self.kind = kind
        self.subject = subject
        self.detail = detail
        self.isInDoubt = isInDoubt
    }

    package var description: String {
        let keys = detail.isEmpty ? "" : " \(detail)"
        return "\(kind.name) \(subject)\(keys)\(isInDoubt ? " in doubt" : "")"
    }
}

/// What goes wrong at an in-memory target, and when.
package struct InMemoryFaults: Sendable {
    /// What happens to one call.
    package enum Fault: Hashable, Sendable {
        /// It has no effect and fails; the caller is told so if `hadNoEffect`.
        case failure(TargetFailure.Code, hadNoEffect: Bool = false)
        /// It has its effect and fails as transient.
        case replyLost
        /// It does not return until it is cancelled without an effect, or let go.
        case hang
        /// It has its effect and does not return until it is cancelled or let go.
        case hangAfter
    }

    /// By call, counted from 1.
    private let byNumber: [Int: Fault]
    /// By what is called; asked where `byNumber` says nothing.
    private let byCall: @Sendable (InMemoryCall) -> Fault?
    private(set) var callCount = 0

    package init(
        _ byNumber: [Int: Fault] = [:],
        where byCall: @escaping @Sendable (InMemoryCall) -> Fault? = { _ in nil }
    ) {
        self.byNumber = byNumber
        self.byCall = byCall
    }

    mutating func next(for call: InMemoryCall) -> (Int, Fault?) {
        callCount += 1
        return (callCount, byNumber[callCount] ?? byCall(call))
    }
}
