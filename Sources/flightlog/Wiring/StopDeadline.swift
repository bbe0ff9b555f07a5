internal import Dispatch
internal import Glibc

/// How long stopping may take.
///
/// Ending late is as safe as ending early: what is acknowledged is on disk, and what is not is asked for again.
enum StopDeadline {
    /// How long calls under way may take, and checkpoints; after that they are cancelled.
    static let graceful = Duration.seconds(20)
    /// When the process ends, whatever still runs.
    private static let whole = DispatchTimeInterval.seconds(30)

    /// Begins to count.
    static func begin() {
        DispatchQueue.global().asyncAfter(deadline: .now() + whole) {
            try? StandardStream.error.line("flightlog: stopping took too long; ended as it is")
            _exit(ExitStatus.failure.rawValue)
        }
    }
}
