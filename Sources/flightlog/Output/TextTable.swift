/// Rows under headings, in columns as wide as they need to be.
struct TextTable {
    private let headings: [String]
    private var rows: [[String]] = []

    init(_ headings: [String]) { self.headings = headings }

    /// Adds a row: one text for each heading.
    mutating func add(_ row: [String]) {
        precondition(row.count == headings.count, "a row has a text for each heading")
        rows.append(row)
    }

    /// The lines, headings first; two spaces stand between columns, none at the end of a line.
    var lines: [String] {
        let all = [headings] + rows
        let widths = headings.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            var line = ""
            for (column, text) in row.enumerated() {
                line += text
                guard column + 1 < row.count else { break }
                line += String(repeating: " ", count: widths[column] - text.count + 2)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
