/// Families written as Prometheus reads them: the text format, version 0.0.4.
///
/// Source: "Exposition formats" of Prometheus' documentation.
struct MetricText {
    /// What the text is called in an answer.
    static let mediaType = "text/plain; version=0.0.4; charset=utf-8"
    /// How many samples one family may have, so that a scrape stays small whatever is created.
    static let samplesMax = 2_000
    /// Tells that a family was cut.
    static let omittedName = "flightlog_metrics_omitted_samples"

    private(set) var text = ""

    /// Families by name; samples keep their order.
    init(_ families: [MetricFamily]) {
        var omitted = MetricFamily(
            Self.omittedName,
            .gauge,
            "Samples that are left out of a family, which has more than \(Self.samplesMax)."
        )
        // A family without a sample would promise what is not there.
        for family in families.sorted(by: { $0.name < $1.name }) where !family.samples.isEmpty {
            write(family)
            let over = family.samples.count - Self.samplesMax
            if over > 0 { omitted.add(Double(over), .init("metric", family.name)) }
        }
        if !omitted.samples.isEmpty { write(omitted) }
    }

    private mutating func write(_ family: MetricFamily) {
        text += "# HELP \(family.name) \(Self.escaped(family.help, quotes: false))\n"
        text += "# TYPE \(family.name) \(family.kind.rawValue)\n"
        for sample in family.samples.prefix(Self.samplesMax) {
            text += family.name + sample.suffix
            if !sample.labels.isEmpty {
                let labels = sample.labels.map { label in
                    "\(label.name)=\"\(Self.escaped(label.value, quotes: true))\""
                }
                text += "{\(labels.joined(separator: ","))}"
            }
            text += " \(Self.number(sample.value))\n"
        }
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A number as Go's parser takes it.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        guard value.isFinite else { return value > 0 ? "+Inf" : "-Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
    }
}
