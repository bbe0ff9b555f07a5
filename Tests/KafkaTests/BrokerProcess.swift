import FoundationEssentials
import Glibc
import Synchronization

/// A `tools/kafka-broker` in a process of its own, in an empty directory, on a free port.
final class BrokerProcess: Sendable {
    struct Failure: Error { let message: String }

    private let temporary = TemporaryDirectory()
    private let process = Mutex<ChildProcess?>(nil)
    private let port = Mutex(0)

    private var directory: String { temporary.path }

    /// The broker's address for a client.
    var address: String { "127.0.0.1:\(port.withLock { $0 })" }

    init() async throws {
        guard mkfifo("\(directory)/control", 0o600) == 0 else { throw Failure(message: "mkfifo") }
        try await start()
    }

    /// Starts the broker on its data, on the port it had before.
    func start() async throws {
        let addressFile = "\(directory)/address"
        unlink(addressFile)
        let arguments = [
            "python3", ChildProcess.tool("kafka-broker"), "\(directory)/data", "--no-fsync",
            "--port", "\(port.withLock { $0 })", "--addr-file", addressFile,
            "--ctl", "\(directory)/control",
        ]
        let child = try ChildProcess(arguments, errors: "\(directory)/log")
        process.withLock { $0 = child }
        let found = try await child.line(in: addressFile)
        port.withLock { $0 = Int(found.split(separator: ":").last ?? "") ?? 0 }
    }

    /// Ends the process at once and for good, as a crash does; its data stay.
    func stop() { process.withLock { $0 = nil } }

    /// Gives it a command (see the tool's own description) and waits until it was done.
    func command(_ line: String) async throws {
        let before = try log().count
        guard let pipe = fopen("\(directory)/control", "w") else { throw Failure(message: "open") }
        fputs(line + "\n", pipe)
        fclose(pipe)
        for _ in 0..<1_000 {
            let said = try log().dropFirst(before)
            if said.contains("did: \(line)") { return }
            if said.contains("not done:") { throw Failure(message: String(said)) }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw Failure(message: "the broker does not do: \(line)")
    }

    private func log() throws -> String {
        try String(contentsOfFile: "\(directory)/log", encoding: .utf8)
    }
}

/// A directory that goes with this value.
final class TemporaryDirectory: Sendable {
    let path = "/tmp/flightlog-kafka-\(UInt64.random(in: 0...UInt64.max))"

    init() { mkdir(path, 0o700) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
