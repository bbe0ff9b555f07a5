internal import Dispatch
internal import Glibc

/// How long stopping may take.
///
/// Ending late is as safe as ending early: what is acknowledged is on disk, and what is not is asked for again.
struct StopDeadline: Sendable {
    /// How long calls under way may take, and checkpoints; after that they are cancelled.
    static let graceful = Duration.seconds(20)
    /// When the process ends, whatever still runs.
    static let whole = Duration.seconds(30)

    /// Does something later, whatever the program is busy with.
    typealias Timer = @Sendable (_ after: Duration, _ work: @escaping @Sendable () -> Void) -> Void

    /// Not a sleeping task: the threads that would wake it may be what hangs.
    static let dispatch: Timer = { after, work in
        let milliseconds = Int(after / .milliseconds(1))
        DispatchQueue.global().asyncAfter(
            deadline: .now() + .milliseconds(milliseconds),
            execute: work
        )
    }

    private let timer: Timer
    private let end: @Sendable (ExitStatus, _ sentence: String) -> Void

    /// `timer` and `end` have others in tests; `end` ends the process at once.
    init(
        timer: @escaping Timer = StopDeadline.dispatch,
        end: @escaping @Sendable (ExitStatus, _ sentence: String) -> Void = { status, sentence in
            try? StandardStream.error.line("flightlog: \(sentence)")
            _exit(status.rawValue)
        }
    ) {
        self.timer = timer
        self.end = end
    }

    /// Begins to count.
    func begin() {
        timer(Self.whole) { [end] in end(.failure, "Stopping took too long; ended as it is.") }
    }
}
