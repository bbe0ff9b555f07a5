/// How often something took how long, in buckets.
struct Histogram: Hashable, Sendable {
    /// The upper bound of each bucket, ascending; what is above the last counts in `count` alone.
    let bounds: [Double]
    private var counts: [UInt64]
    private(set) var count: UInt64 = 0
    private(set) var sum = 0.0

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count)
    }

    /// From a tenth of a millisecond to ten seconds, in seconds.
    static let seconds = Histogram(
        bounds: [
            0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
            2.5, 5, 10,
        ]
    )

    /// Counts one value.
    mutating func observe(_ value: Double) {
        if let index = bounds.firstIndex(where: { value <= $0 }) { counts[index] += 1 }
        count += 1
        sum += value
    }

    /// Counts one span of time, in seconds.
    mutating func observe(_ duration: Duration) { observe(duration / .seconds(1)) }

    /// What Prometheus reads: a sample for each bucket with all below it, the sum and the count.
    func samples(_ labels: [MetricFamily.Label]) -> [MetricFamily.Sample] {
        var samples: [MetricFamily.Sample] = []
        var below: UInt64 = 0
        for (bound, count) in zip(bounds, counts) {
            below += count
            samples.append(
                MetricFamily.Sample(
                    suffix: "_bucket",
                    labels: labels + [.init("le", MetricText.number(bound))],
                    value: Double(below)
                )
            )
        }
        return samples + [
            MetricFamily.Sample(
                suffix: "_bucket",
                labels: labels + [.init("le", "+Inf")],
                value: Double(count)
            ),
            MetricFamily.Sample(suffix: "_sum", labels: labels, value: sum),
            MetricFamily.Sample(suffix: "_count", labels: labels, value: Double(count)),
        ]
    }
}
