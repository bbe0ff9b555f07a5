/// Why a command ends without having done its work.
struct CommandFailure: Error, Hashable, CustomStringConvertible {
    let status: ExitStatus
    /// One sentence: what was seen, and what was expected.
    let message: String
    /// What to do about it, as one sentence.
    let hint: String?

    init(_ status: ExitStatus, _ message: String, hint: String? = nil) {
        self.status = status
        self.message = message
        self.hint = hint
    }

    /// A part that exists in the contract and not yet in the program; named as a sentence begins.
    static func notBuilt(_ what: String) -> CommandFailure {
        CommandFailure(.unavailable, "\(what) is not built yet")
    }

    var description: String { message }
}
