/// What a comparison of two servers found.
package struct ComparisonReport: Hashable, Sendable {
    /// How much was looked at on both sides.
    package struct Extent: Hashable, Sendable, Encodable {
        package var databases = 0
        package var collections = 0
        package var partitions = 0
        package var indexes = 0
        package var aliases = 0
        package var users = 0
        package var roles = 0
        package var grants = 0
        /// Keys whose rows were compared value by value.
        package var rows = 0
    }

    /// Sentences without a full stop, each beginning with what it is about: `default.a: …`.
    package private(set) var differences: [String] = []
    /// What could not be compared, and why; neither passed nor failed.
    package private(set) var skipped: [String] = []
    /// Differences that are meant to be: keys made explicit, and what a product does in its own way.
    package private(set) var notes: [String] = []
    /// How much was looked at.
    package var compared = Extent()
    /// How many checks found no difference.
    package private(set) var passed = 0
    /// How many checks found one or more.
    package private(set) var failed = 0

    package init() {}

    /// Whether nothing that was compared differs.
    package var isEqual: Bool { failed == 0 }

    /// Whether everything could be compared.
    package var isComplete: Bool { skipped.isEmpty }

    /// What a person reads: a line for each finding, and `N passed, N failed` last.
    package var lines: [String] {
        differences
            + skipped.map { "not compared: \($0)" }
            + notes.map { "note: \($0)" }
            + ["\(passed) passed, \(failed) failed"]
    }
}

extension ComparisonReport {
    /// Takes the result of one check in: it passed if it found no differences.
    mutating func check(_ subject: String, _ differences: [String]) {
        if differences.isEmpty { passed += 1 } else { failed += 1 }
        self.differences += differences.map { "\(subject): \($0)" }
    }

    mutating func skip(_ subject: String, _ sentence: String) {
        skipped.append("\(subject): \(sentence)")
    }

    mutating func note(_ subject: String, _ sentence: String) {
        notes.append("\(subject): \(sentence)")
    }
}

extension ComparisonReport: Encodable {
    private enum Keys: String, CodingKey {
        case equal, differences, skipped, notes, compared, passed, failed
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Keys.self)
        try fields.encode(isEqual, forKey: .equal)
        try fields.encode(differences, forKey: .differences)
        try fields.encode(skipped, forKey: .skipped)
        try fields.encode(notes, forKey: .notes)
        try fields.encode(compared, forKey: .compared)
        try fields.encode(passed, forKey: .passed)
        try fields.encode(failed, forKey: .failed)
    }
}
