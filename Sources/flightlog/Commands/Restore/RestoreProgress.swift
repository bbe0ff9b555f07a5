internal import Replay

/// Tells on standard error how far a restore is.
struct RestoreProgress {
    /// How often a person at a terminal, and a log, hears of it.
    static let terminalInterval = Duration.milliseconds(500)
    static let logInterval = Duration.seconds(10)
    static let barWidth = 30

    private let shown: OutputOptions
    private let isTerminal = StandardStream.error.isTerminal

    init(_ shown: OutputOptions) { self.shown = shown }

    /// Tells until it is cancelled.
    func watch(_ replayer: Replayer) async throws {
        guard !shown.quiet else { return }
        let began = ContinuousClock.now
        while !Task.isCancelled {
            try await Task.sleep(
                for: isTerminal ? RestoreProgress.terminalInterval : RestoreProgress.logInterval
            )
            let status = replayer.status
            let took = ContinuousClock.now - began
            let sentence = RestoreProgress.sentence(status, took)
            if isTerminal {
                let bar = RestoreProgress.bar(status.fractionDone ?? 0)
                try StandardStream.error.write("\r\u{1B}[K\(bar) \(sentence)")
            } else {
                try shown.progress(sentence)
            }
        }
    }

    private static func bar(_ fraction: Double) -> String {
        let full = Int(fraction * Double(barWidth))
        return "[" + String(repeating: "#", count: full)
            + String(repeating: "-", count: barWidth - full) + "]"
    }

    /// How much is done, how fast, how long it may still take, and what is in the way.
    private static func sentence(_ status: ReplayStatus, _ took: Duration) -> String {
        let seconds = max(took / .seconds(1), 0.001)
        let fraction = status.fractionDone ?? 0
        var sentence =
            "\(Int(fraction * 100)) %, \(status.appliedRows) rows, "
            + "\(Int(Double(status.appliedRows) / seconds)) rows/s"
        if fraction > 0.01, fraction < 1 {
            sentence += ", about \(Int(seconds * (1 - fraction) / fraction)) s left"
        }
        if let error = status.lastError { sentence += ": \(error)" }
        return sentence
    }
}
