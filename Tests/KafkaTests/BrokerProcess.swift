import FoundationEssentials
import Glibc
import Synchronization

/// A `tools/kafka-broker` in a process of its own, in an empty directory, on a free port.
final class BrokerProcess: Sendable {
    struct Failure: Error { let message: String }

    let directory: String
    private let process = Mutex<pid_t>(0)
    private let port = Mutex(0)

    /// The broker's address for a client.
    var address: String { "127.0.0.1:\(port.withLock { $0 })" }

    init() throws {
        directory = TemporaryDirectory.make()
        guard mkfifo("\(directory)/control", 0o600) == 0 else { throw Failure(message: "mkfifo") }
        try start()
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Starts the broker on its data, on the port it had before.
    func start() throws {
        let addressFile = "\(directory)/address"
        unlink(addressFile)
        let arguments = [
            "python3", Self.tool, "\(directory)/data", "--no-fsync",
            "--port", "\(port.withLock { $0 })", "--addr-file", addressFile,
            "--ctl", "\(directory)/control",
        ]
        let pid = try Self.spawn(arguments, errors: "\(directory)/log")
        process.withLock { $0 = pid }
        for _ in 0..<1_000 {
            if let text = try? String(contentsOfFile: addressFile, encoding: .utf8),
                let found = text.split(separator: ":").last.flatMap({ Int($0.dropLast()) })
            {
                port.withLock { $0 = found }
                return
            }
            guard waitpid(pid, nil, WNOHANG) == 0 else { break }
            usleep(10_000)
        }
        throw Failure(message: "the broker does not start: \(try log())")
    }

    /// Ends the process at once and for good, as a crash does; its data stay.
    func stop() {
        process.withLock { pid in
            guard pid > 0 else { return }
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
            pid = 0
        }
    }

    /// Gives it a command (see the tool's own description) and waits until it was done.
    func command(_ line: String) throws {
        let before = try log().count
        guard let pipe = fopen("\(directory)/control", "w") else { throw Failure(message: "open") }
        fputs(line + "\n", pipe)
        fclose(pipe)
        for _ in 0..<1_000 {
            let said = try log().dropFirst(before)
            if said.contains("did: \(line)") { return }
            if said.contains("not done:") { throw Failure(message: String(said)) }
            usleep(5_000)
        }
        throw Failure(message: "the broker does not do: \(line)")
    }

    private func log() throws -> String {
        try String(contentsOfFile: "\(directory)/log", encoding: .utf8)
    }

    private static let tool =
        #filePath.split(separator: "/").dropLast(3)
        .reduce("") { "\($0)/\($1)" } + "/tools/kafka-broker"

    private static func spawn(_ arguments: [String], errors: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(
            &actions,
            2,
            errors,
            O_WRONLY | O_CREAT | O_APPEND,
            0o600
        )
        var raw: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for pointer in raw { free(pointer) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, arguments[0], &actions, nil, &raw, environ)
        guard code == 0 else { throw Failure(message: "cannot start \(arguments[0]): \(code)") }
        return pid
    }
}

/// A directory for one test.
enum TemporaryDirectory {
    static func make() -> String {
        let path = "/tmp/flightlog-kafka-\(UInt64.random(in: 0...UInt64.max))"
        mkdir(path, 0o700)
        return path
    }
}
