/// What is wrong with the configuration, and where.
struct SettingsFailure: Error, Hashable, CustomStringConvertible {
    /// The line of the file, from 1; nil where the trouble has no line.
    let line: Int?
    /// One sentence without the line and without a full stop.
    let message: String

    init(line: Int?, _ message: String) {
        self.line = line
        self.message = message
    }

    var description: String { line.map { "line \($0): \(message)" } ?? message }
}
