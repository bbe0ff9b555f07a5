import FoundationEssentials
import Glibc

/// A process that ends with this value.
final class ChildProcess: Sendable {
    struct Failure: Error { let message: String }

    private let pid: pid_t
    private let errors: String

    /// Starts a command; what it says goes to the file `errors`.
    init(_ arguments: [String], errors: String) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, 1, errors, flags, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errors, flags, 0o600)
        var raw: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for pointer in raw { free(pointer) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, arguments[0], &actions, nil, &raw, environ)
        guard code == 0 else { throw Failure(message: "cannot start \(arguments[0]): \(code)") }
        self.pid = pid
        self.errors = errors
    }

    deinit {
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
    }

    /// The line in a file that the process writes once it is ready.
    func line(in path: String) async throws -> String {
        for _ in 0..<3_000 {
            if let text = try? String(contentsOfFile: path, encoding: .utf8), text.hasSuffix("\n") {
                return String(text.dropLast())
            }
            guard waitpid(pid, nil, WNOHANG) == 0 else { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        let said = try String(contentsOfFile: errors, encoding: .utf8)
        throw Failure(message: "a process does not start: \(said)")
    }

    /// Runs a command to its end.
    static func run(_ arguments: [String], errors: String) throws {
        var status: Int32 = 0
        let child = try ChildProcess(arguments, errors: errors)
        waitpid(child.pid, &status, 0)
        guard status == 0 else {
            let said = try String(contentsOfFile: errors, encoding: .utf8)
            throw Failure(message: "\(arguments) failed: \(said)")
        }
    }

    /// The path of a tool in `tools`.
    static func tool(_ name: String) -> String {
        let root = #filePath.split(separator: "/").dropLast(3)
        return root.reduce("") { "\($0)/\($1)" } + "/tools/\(name)"
    }
}
