internal import Operations

/// Compares the rows of two collections by walking both in the order of their keys.
///
/// Memory holds two pages, whatever the size of the collections.
struct RowComparison {
    /// How many rows of one kind of difference are told; the others are counted.
    static let examplesMax = 20

    private let hasDynamicField: Bool

    /// How many keys are on both sides.
    private(set) var rowCount = 0
    /// How many rows were read on each side.
    var readCount: (source: Int, target: Int) {
        (rowCount + missing.count, rowCount + extra.count)
    }
    private var missing = Examples()
    private var extra = Examples()
    private var differing = Examples()

    /// Prepares a comparison of rows with the same fields, the dynamic one included if `hasDynamicField`.
    init(hasDynamicField: Bool) {
        self.hasDynamicField = hasDynamicField
    }

    /// Compares the rows of two streams, calling `progress` now and then with the number of rows so far.
    mutating func run(
        _ source: some RowSource,
        _ target: some RowSource,
        progress: @Sendable (Int) -> Void
    ) async throws {
        var here = try await RowStream(source)
        var there = try await RowStream(target)
        while true {
            try Task.checkCancellation()
            switch (here.current, there.current) {
            case (nil, nil): return
            case (let row?, nil):
                missing.add { "its row \(row.key) is missing on the target" }
                try await here.advance()
            case (nil, let row?):
                extra.add { "its row \(row.key) is on the target only" }
                try await there.advance()
            case (let row?, let other?):
                if row.key < other.key {
                    missing.add { "its row \(row.key) is missing on the target" }
                    try await here.advance()
                } else if row.key > other.key {
                    extra.add { "its row \(other.key) is on the target only" }
                    try await there.advance()
                } else {
                    compare(row, other)
                    rowCount += 1
                    if rowCount.isMultiple(of: 10_000) { progress(rowCount) }
                    try await here.advance()
                    try await there.advance()
                }
            }
        }
    }

    private mutating func compare(_ row: RowOfPage, _ other: RowOfPage) {
        guard Self.text(row, hasDynamicField) != Self.text(other, hasDynamicField) else { return }
        let reasons = row.columns.columns.compactMap { column -> String? in
            guard let counterpart = other.columns[column.name] else { return nil }
            return column.difference(row.index, counterpart, other.index)
        }
        guard reasons.isEmpty == false else { return }
        differing.add { "its row \(row.key) differs: \(reasons.joined(separator: "; "))" }
    }

    private static func text(_ row: RowOfPage, _ hasDynamicField: Bool) -> CanonicalText {
        var text = CanonicalText()
        row.columns.write(row: row.index, hasDynamicField: hasDynamicField, to: &text)
        return text
    }

    /// What was found: a sentence for each of the first rows, and how many more there are.
    var differences: [String] {
        missing.sentences("missing on the target")
            + extra.sentences("on the target only")
            + differing.sentences("different")
    }
}

/// The first few of many sentences, and how many there are.
private struct Examples {
    private var told: [String] = []
    private(set) var count = 0

    mutating func add(_ sentence: () -> String) {
        count += 1
        if count <= RowComparison.examplesMax { told.append(sentence()) }
    }

    func sentences(_ what: String) -> [String] {
        guard count > told.count else { return told }
        return told + ["\(count - told.count) more rows are \(what), \(count) in all"]
    }
}
