import Foundation
import Journal
import Operations

/// Cycles of: start a writer, kill it, see what is left.
struct CrashRun {
    /// A journal is begun anew after so many cycles, so that reading it stays quick.
    private static let cyclesPerJournal = 20
    private static let delayMaxMicroseconds = 50_000

    private let options: Options
    private let root: String
    private var random: SeededRandom
    private var acknowledgedBatches = 0
    private var tornTails = 0
    private var segments = 0

    init(_ options: Options) {
        self.options = options
        root =
            options.directory
            ?? FileManager.default.temporaryDirectory.appending(path: "flightlog-crash-\(UUID())")
            .path
        random = SeededRandom(options.seed, 3)
    }

    /// Runs all cycles and says how they went; the process's exit code.
    consuming func run() async -> Int32 {
        var run = self
        var history = JournalHistory(directory: "\(run.root)/journal-0")
        for cycle in 0..<run.options.cycles {
            do {
                if cycle % Self.cyclesPerJournal == 0 {
                    run.segments += history.segments
                    try? FileManager.default.removeItem(atPath: history.directory)
                    history = JournalHistory(directory: "\(run.root)/journal-\(cycle)")
                }
                try await run.pass(UInt64(cycle), &history)
            } catch {
                say("cycle \(cycle): \(error)")
                say("seed \(run.options.seed), the journal is kept: \(history.directory)")
                return 1
            }
            if (cycle + 1) % 50 == 0 {
                say(
                    "cycle \(cycle + 1): \(run.acknowledgedBatches) batches acknowledged, "
                        + "\(run.segments + history.segments) segments, \(run.tornTails) torn tails"
                )
            }
        }
        try? FileManager.default.removeItem(atPath: history.directory)
        if run.options.directory == nil { try? FileManager.default.removeItem(atPath: run.root) }
        say(
            "\(run.options.cycles) cycles, \(run.acknowledgedBatches) batches acknowledged, 0 lost, "
                + "0 doubled"
        )
        return 0
    }

    private mutating func pass(_ cycle: UInt64, _ history: inout JournalHistory) async throws {
        let child = try Child([
            "write", "--directory", history.directory, "--seed", "\(options.seed)",
            "--cycle", "\(cycle)",
        ])
        let delay = Int.random(in: 0...Self.delayMaxMicroseconds, using: &random)
        // Now and then in the middle of opening, or before anything is acknowledged.
        let isEarly = Int.random(in: 0..<10, using: &random) == 0
        if !isEarly {
            guard child.read(microseconds: 60_000_000, until: "durable") else {
                _ = child.end()
                throw CrashFailure("nothing was acknowledged: \(child.lines.suffix(3))")
            }
        }
        child.read(microseconds: delay)
        guard child.end() else {
            throw CrashFailure("the writer ended by itself: \(child.lines.suffix(3))")
        }
        let told = try Told(child.lines)
        acknowledgedBatches += told.durable.count
        if try await history.check(told, Recipe(seed: options.seed, cycle: cycle)) {
            tornTails += 1
        }
    }
}

/// What a writer said before it was killed.
struct Told {
    /// The last batch that was handed over; zero if none was.
    private(set) var submitted: UInt64 = 0
    private(set) var durable: [UInt64: (sequence: UInt64, digest: String)] = [:]

    init(_ lines: [String]) throws {
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            switch (words.first, words.count) {
            case ("submit", 2):
                submitted = max(submitted, UInt64(words[1]) ?? 0)
            case ("durable", 4):
                guard let number = UInt64(words[1]), let sequence = UInt64(words[2]),
                    durable.updateValue((sequence, words[3]), forKey: number) == nil
                else { throw CrashFailure("acknowledged twice: \(line)") }
            default: throw CrashFailure("the writer said: \(line)")
            }
        }
    }
}
