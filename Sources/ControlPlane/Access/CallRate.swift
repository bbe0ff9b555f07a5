/// How often one caller may ask: a bucket that a request takes from and time fills.
struct CallRate: Sendable {
    /// How many requests a second are answered in the long run.
    let perSecond: Double
    /// How many may come at once.
    let burst: Double
    private var left: Double
    private var last: ContinuousClock.Instant

    init(perSecond: Double, burst: Double, at now: ContinuousClock.Instant) {
        self.perSecond = perSecond
        self.burst = burst
        left = burst
        last = now
    }

    /// Whether a request may be answered now; one that may not costs nothing.
    mutating func take(at now: ContinuousClock.Instant) -> Bool {
        fill(at: now)
        guard left >= 1 else { return false }
        left -= 1
        return true
    }

    /// Whether it is as if nobody had asked yet.
    mutating func isFull(at now: ContinuousClock.Instant) -> Bool {
        fill(at: now)
        return left >= burst
    }

    private mutating func fill(at now: ContinuousClock.Instant) {
        left = min(burst, left + max(0, (now - last) / .seconds(1)) * perSecond)
        last = now
    }
}

/// The rates of all callers.
struct CallRates: Sendable {
    /// How many callers are told apart; beyond that, who has not asked for long is forgotten.
    static let callersMax = 4096

    let perSecond: Double
    let burst: Double
    private var rates: [String: CallRate] = [:]

    init(perSecond: Double, burst: Double) {
        self.perSecond = perSecond
        self.burst = burst
    }

    /// Whether a caller's request may be answered now.
    mutating func take(_ caller: String, at now: ContinuousClock.Instant) -> Bool {
        if rates.count >= Self.callersMax, rates[caller] == nil {
            rates = rates.filter { entry in
                var rate = entry.value
                return !rate.isFull(at: now)
            }
            // All of them are busy: who is new waits.
            guard rates.count < Self.callersMax else { return false }
        }
        return rates[
            caller,
            default: CallRate(perSecond: perSecond, burst: burst, at: now)
        ].take(at: now)
    }
}
