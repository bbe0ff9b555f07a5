/// Everything that is told under one name: a family of Prometheus' text format.
struct MetricFamily: Hashable, Sendable {
    /// What kind of number it is.
    enum Kind: String, Hashable, Sendable { case counter, gauge, histogram }

    /// One line: a number with its labels.
    struct Sample: Hashable, Sendable {
        /// Behind the family's name, such as `_bucket`; usually empty.
        var suffix = ""
        let labels: [Label]
        let value: Double
    }

    /// A name and what it is for one sample.
    struct Label: Hashable, Sendable {
        let name: String
        let value: String

        init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// With the prefix; counters end in `_total`.
    let name: String
    let kind: Kind
    /// One sentence for people.
    let help: String
    var samples: [Sample] = []

    init(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        self.kind = kind
        self.help = help
    }

    /// A family of one sample without labels.
    init(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        self.init(name, kind, help)
        add(value)
    }

    /// Adds a sample.
    mutating func add(_ value: Double, _ labels: Label...) { add(value, labels) }

    /// Adds a sample.
    mutating func add(_ value: Double, _ labels: [Label]) {
        samples.append(Sample(labels: labels, value: value))
    }

    /// Adds one sample for each state: 1 for the present one and 0 for the others.
    mutating func add(state: String, of states: [String], _ labels: [Label]) {
        for name in states { add(name == state ? 1 : 0, labels + [Label("state", name)]) }
    }
}
