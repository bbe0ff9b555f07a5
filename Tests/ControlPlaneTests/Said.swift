import Foundation
import Logging
import Synchronization
import Testing

/// Everything that a server said: its log, at every level, and its answers.
final class Said: Sendable {
    /// A line of the log, with everything that stands in it.
    struct Line: Sendable {
        let message: String
        let metadata: [String: String]
    }

    /// What tests give as passwords and tokens of peers contains this.
    static let planted = "Canary-4711"

    private struct State {
        var lines: [Line] = []
        var answers: [String] = []
        var secrets = [Said.planted]
    }

    private let state = Mutex(State())

    var lines: [Line] { state.withLock(\.lines) }

    /// Logs into this.
    var logger: Logger { Logger(label: "test") { _ in Handler(said: self) } }

    func note(_ answer: String) { state.withLock { $0.answers.append(answer) } }

    /// Takes a caller's token for a secret; its last part is one.
    func plant(bearer text: String) {
        guard let secret = text.split(separator: "_").last, secret.count > 32 else { return }
        state.withLock { $0.secrets.append(String(secret)) }
    }

    /// Looks for secrets in what was said, and in every file but those that are there to keep them.
    func expectNoSecret(beside directory: String) {
        let (lines, answers, secrets) = state.withLock { ($0.lines, $0.answers, $0.secrets) }
        for secret in secrets {
            for line in lines {
                let shown = "\(line.message) \(line.metadata)"
                #expect(!shown.contains(secret), "a log line has a secret: \(shown)")
            }
            for answer in answers {
                #expect(!answer.contains(secret), "an answer has a secret: \(answer)")
            }
            for path in FileManager.default.subpaths(atPath: directory) ?? []
            where !path.hasPrefix("secrets/") {
                let bytes = try? Data(contentsOf: URL(filePath: "\(directory)/\(path)"))
                #expect(bytes?.range(of: Data(secret.utf8)) == nil, "\(path) has a secret")
            }
        }
    }

    private struct Handler: LogHandler {
        let said: Said
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        init(said: Said) { self.said = said }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
            let line = Line(message: "\(event.message)", metadata: all.mapValues { "\($0)" })
            said.state.withLock { $0.lines.append(line) }
        }
    }
}
