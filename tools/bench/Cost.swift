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

/// Rounds of a figure and its reference, told as median, lowest and highest.
struct Ratio {
    let what: String
    let reference: String
    let unit: String
    private var rounds: [(figure: Double, reference: Double)] = []

    init(_ what: String, _ reference: String, unit: String) {
        self.what = what
        self.reference = reference
        self.unit = unit
    }

    mutating func add(_ figure: Double, _ reference: Double) { rounds.append((figure, reference)) }

    var text: String {
        """
        \(what), \(rounds.count) rounds
          figure     \(Spread(rounds.map(\.figure)).text()) \(unit)
          reference  \(Spread(rounds.map(\.reference)).text()) \(unit): \(reference)
          ratio      \(Spread(rounds.map { $0.figure / $0.reference }).text(digits: 2))
        """
    }
}

/// Median, lowest and highest of some values.
struct Spread {
    private let sorted: [Double]

    init(_ values: [Double]) { sorted = values.sorted() }

    func text(digits: Int = 0) -> String {
        func text(_ value: Double) -> String {
            let scale = digits == 0 ? 1.0 : 100.0
            let rounded = (value * scale).rounded() / scale
            return digits == 0 ? "\(Int(rounded))" : "\(rounded)"
        }
        guard let low = sorted.first, let high = sorted.last else { return "-" }
        return "\(text(sorted[sorted.count / 2])) (\(text(low)) to \(text(high)))"
    }
}
