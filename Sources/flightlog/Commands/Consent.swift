#if canImport(Glibc)
internal import Glibc
#endif

/// A person's word before something is destroyed.
enum Consent {
    /// Whether a person is there to be asked.
    static var canBeAsked: Bool { isatty(STDIN_FILENO) == 1 }

    /// Asks on a terminal.
    ///
    /// - Throws: `CommandFailure` where nobody is there, or the answer is no.
    static func ask(_ question: String, refusal: String) throws {
        guard canBeAsked else {
            throw CommandFailure(.usage, refusal, hint: "say --yes")
        }
        try StandardStream.error.write("\(question) [y/N] ")
        guard readLine()?.lowercased() == "y" else {
            throw CommandFailure(.failure, "nothing was removed")
        }
    }
}
