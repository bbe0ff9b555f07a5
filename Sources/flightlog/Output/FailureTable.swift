internal import ControlPlane

// The one place that says which exit status a trouble is. Which trouble an error of a room is, is said
// once too: in `Trouble` of the control plane.

extension CommandFailure {
    /// What any error means for the process.
    init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let failure as SettingsFailure:
            self.init(.configuration, "the configuration is wrong: \(failure)")
        default:
            let trouble = Trouble(error)
            self.init(ExitStatus(trouble.kind), trouble.message, hint: trouble.hint)
        }
    }

    /// What standard error shows: whole sentences, whoever wrote them.
    var lines: [String] {
        ["flightlog: \(message.sentence)"] + (hint.map { ["hint: \($0.sentence)"] } ?? [])
    }
}

extension String {
    /// With a capital letter at the beginning, where that is a plain word, and a full stop at the end.
    var sentence: String {
        let word = prefix { !$0.isWhitespace }
        let isPlain = word.allSatisfy { $0.isLetter }
        let begun = isPlain ? prefix(1).uppercased() + dropFirst() : self
        return begun.last.map { ".?!".contains($0) } ?? true ? begun : begun + "."
    }
}

extension ExitStatus {
    /// What a kind of trouble means for the process.
    init(_ kind: Trouble.Kind) {
        self =
            switch kind {
            case .unavailable, .notBuilt: .unavailable
            case .gap: .gap
            case .corrupt: .corrupt
            case .refused: .refused
            case .busy: .busy
            case .inputOutput: .inputOutput
            case .notFound: .notFound
            case .conflict, .changed, .failed: .failure
            case .invalid: .usage
            case .configuration: .configuration
            }
    }

    /// What a problem that the server told means for the process.
    init(_ code: Problem.Code) {
        self =
            switch code {
            case .invalid, .methodNotAllowed, .tooLarge, .unsupportedMedia: .usage
            case .notFound: .notFound
            case .conflict, .changed, .failed: .failure
            case .unauthenticated, .forbidden, .refused: .refused
            case .unavailable, .notBuilt, .timeout: .unavailable
            case .tooManyRequests: .busy
            }
    }
}
