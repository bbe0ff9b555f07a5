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

    /// What standard error shows.
    var lines: [String] {
        ["flightlog: \(message)"] + (hint.map { ["hint: \($0)"] } ?? [])
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
            case .conflict, .failed: .failure
            case .invalid: .usage
            case .configuration: .configuration
            }
    }

    /// What a problem that the server told means for the process.
    init(_ code: Problem.Code) {
        self =
            switch code {
            case .invalid: .usage
            case .notFound: .notFound
            case .conflict, .failed: .failure
            case .refused: .refused
            case .unavailable, .notBuilt: .unavailable
            }
    }
}
