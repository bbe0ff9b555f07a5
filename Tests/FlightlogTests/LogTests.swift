import Foundation
import Logging
import Synchronization
import Testing

@testable import flightlog

@Suite struct LogTests {
    /// Lines that were written.
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private static func logger(
        _ format: LogSettings.Format,
        _ level: LogLevel,
        _ lines: Lines
    ) -> Logger {
        var settings = LogSettings()
        settings.format = format
        return Logger(label: "flightlog") { label in
            LineLogHandler(label, settings, level: level) { line in
                lines.all.withLock { $0.append(line) }
            }
        }
    }

    @Test func `a line of JSON has its time, level, logger, words and ids`() throws {
        let lines = Lines()
        var logger = Self.logger(.json, LogLevel(.info), lines)
        logger[metadataKey: "source"] = "main"
        logger[metadataKey: "task"] = "dr"
        logger.notice("task \"runs\"\n", metadata: ["target": "http://a:1"])
        let line = try #require(lines.all.withLock { $0.first })
        #expect(!line.contains("\n"))
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
        #expect(
            object.map { Set($0.keys) }
                == ["ts", "level", "logger", "msg", "source", "task", "target"]
        )
        #expect(object?["level"] == "notice")
        #expect(object?["logger"] == "flightlog")
        #expect(object?["msg"] == "task \"runs\"\n")
        #expect(object?["task"] == "dr")
    }

    @Test func `a line of text has the same`() throws {
        let lines = Lines()
        var logger = Self.logger(.text, LogLevel(.info), lines)
        logger[metadataKey: "source"] = "main"
        logger.warning("reading paused", metadata: ["error": "no answer"])
        let line = try #require(lines.all.withLock { $0.first })
        #expect(line.hasSuffix("Z warning reading paused error=\"no answer\" source=main"))
    }

    @Test func `the level changes while the program runs, for every copy of a logger`() {
        let lines = Lines()
        let level = LogLevel(.info)
        let logger = Self.logger(.text, level, lines)
        var quiet = logger
        quiet.logLevel = .critical
        logger.debug("no")
        level.current = .debug
        logger.debug("yes")
        quiet.error("no")
        #expect(lines.all.withLock { $0.count } == 1)
    }
}
