import Foundation

/// A generator that gives the same numbers for the same seed.
struct SeededRandom: RandomNumberGenerator {
    /// `FLIGHTLOG_SEED`, or one that differs from run to run.
    static let runSeed: UInt64 =
        ProcessInfo.processInfo.environment["FLIGHTLOG_SEED"].flatMap { UInt64($0) }
        ?? .random(in: 0...UInt64.max)

    private var state: UInt64

    init(seed: UInt64 = SeededRandom.runSeed) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
