import Capture
import TestSupport
import Testing

struct InMemoryMessageLogTests {
    @Test(arguments: MessageLogPromise.allCases)
    func `a log in memory keeps every promise`(_ promise: MessageLogPromise) async throws {
        let log = InMemoryMessageLog()
        let bench = MessageLogBench(log: log) { values, channel in
            for value in values { await log.append(value, to: channel) }
        } truncate: { channel, offset in
            await log.truncate(channel, before: offset)
        }
        try await promise.check(bench)
    }
}
