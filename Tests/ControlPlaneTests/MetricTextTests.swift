import Testing

@testable import ControlPlane

@Suite struct MetricTextTests {
    @Test func `families stand by name, each with its help and its type`() {
        var second = MetricFamily("b_total", .counter, "Two.")
        second.add(3, .init("x", "1"), .init("y", "2"))
        let first = MetricFamily("a", .gauge, "One.", 1.5)
        #expect(
            MetricText([second, first]).text == """
                # HELP a One.
                # TYPE a gauge
                a 1.5
                # HELP b_total Two.
                # TYPE b_total counter
                b_total{x="1",y="2"} 3

                """
        )
    }

    @Test func `what would end a line or a label is escaped`() {
        var family = MetricFamily("a", .gauge, "One\\two\n\"three\".")
        family.add(1, .init("x", "a\\b\n\"c\" d"))
        #expect(
            MetricText([family]).text == """
                # HELP a One\\\\two\\n"three".
                # TYPE a gauge
                a{x="a\\\\b\\n\\"c\\" d"} 1

                """
        )
    }

    @Test(arguments: [
        (0.0, "0"), (-2, "-2"), (1_764_192_000.123, "1764192000.123"), (.infinity, "+Inf"),
        (-.infinity, "-Inf"), (.nan, "NaN"), (1e18, "1e+18"),
    ])
    func `numbers are written as they are read`(value: Double, text: String) {
        #expect(MetricText.number(value) == text)
    }

    @Test func `a family without a sample is not told`() {
        #expect(MetricText([MetricFamily("a", .gauge, "One.")]).text == "")
    }

    @Test func `a family has an end, and what is left out is told`() {
        var family = MetricFamily("a", .gauge, "One.")
        for number in 0..<MetricText.samplesMax + 7 { family.add(1, .init("n", "\(number)")) }
        let lines = MetricText([family]).text.split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("a{") }.count == MetricText.samplesMax)
        #expect(lines.last == "flightlog_metrics_omitted_samples{metric=\"a\"} 7")
    }

    @Test func `each bucket counts all below it`() {
        var histogram = Histogram(bounds: [1, 2])
        for value in [0.5, 1, 1.5, 9] { histogram.observe(value) }
        var family = MetricFamily("h", .histogram, "H.")
        family.samples = histogram.samples([.init("x", "y")])
        #expect(
            MetricText([family]).text == """
                # HELP h H.
                # TYPE h histogram
                h_bucket{x="y",le="1"} 2
                h_bucket{x="y",le="2"} 3
                h_bucket{x="y",le="+Inf"} 4
                h_sum{x="y"} 12
                h_count{x="y"} 4

                """
        )
    }
}
