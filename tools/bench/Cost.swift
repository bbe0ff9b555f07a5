import Glibc

/// Processor seconds and wall seconds.
struct Cost {
    var processor: Double
    var wall: Double

    static func now() -> Cost {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double {
            Double(time.tv_sec) + Double(time.tv_usec) / 1e6
        }
        var clock = timespec()
        clock_gettime(CLOCK_MONOTONIC, &clock)
        return Cost(
            processor: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            wall: Double(clock.tv_sec) + Double(clock.tv_nsec) / 1e9
        )
    }

    static func since(_ before: Cost) -> Cost {
        let now = now()
        return Cost(processor: now.processor - before.processor, wall: now.wall - before.wall)
    }
}

/// What a ratio ought to be: first the figure to reach, then the one to beat.
enum Goal {
    case least(Double, Double)
    case most(Double, Double)

    /// What has become of it.
    func verdict(_ ratio: Double) -> String {
        switch self {
        case .least(let reach, let beat):
            let word = ratio >= beat ? "beaten" : ratio >= reach ? "reached" : "missed"
            return "at least \(reach), then \(beat): \(word)"
        case .most(let reach, let beat):
            let word = ratio <= beat ? "beaten" : ratio <= reach ? "reached" : "missed"
            return "at most \(reach), then \(beat): \(word)"
        }
    }
}

/// Rounds of a figure and its reference, told as median, lowest and highest.
struct Ratio {
    let what: String
    let reference: String
    let unit: String
    let goal: Goal?
    private var rounds: [(figure: Double, reference: Double)] = []

    init(_ what: String, _ reference: String, unit: String, goal: Goal? = nil) {
        self.what = what
        self.reference = reference
        self.unit = unit
        self.goal = goal
    }

    mutating func add(_ figure: Double, _ reference: Double) { rounds.append((figure, reference)) }

    var text: String {
        let ratios = Spread(rounds.map { $0.figure / $0.reference })
        return """
            \(what), \(rounds.count) rounds
              figure     \(Spread(rounds.map(\.figure)).text()) \(unit)
              reference  \(Spread(rounds.map(\.reference)).text()) \(unit): \(reference)
              ratio      \(ratios.text())
            """ + (goal.map { "\n  goal       \($0.verdict(ratios.median))" } ?? "")
    }
}

/// Median, lowest and highest of some values.
struct Spread {
    private let sorted: [Double]

    init(_ values: [Double]) { sorted = values.sorted() }

    var median: Double { sorted.isEmpty ? .nan : sorted[sorted.count / 2] }

    /// In three significant digits or so.
    func text() -> String {
        func text(_ value: Double) -> String {
            if value.magnitude >= 100 { return "\(Int(value.rounded()))" }
            let scale = value.magnitude >= 0.1 ? 100.0 : 10_000
            return "\((value * scale).rounded() / scale)"
        }
        guard let low = sorted.first, let high = sorted.last else { return "-" }
        return "\(text(median)) (\(text(low)) to \(text(high)))"
    }
}

/// Prints a figure at once, also into a pipe.
func say(_ text: String) {
    print(text)
    fflush(nil)
}
