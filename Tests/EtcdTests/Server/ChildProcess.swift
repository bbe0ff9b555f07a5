import Foundation

/// A program that runs beside the test.
struct ChildProcess: Sendable {
    private let id: pid_t
    private let input: Int32

    /// Starts a program; what it writes is dropped.
    init(_ path: String, _ arguments: [String]) throws {
        guard access(path, X_OK) == 0 else {
            throw EtcdServer.Failure(description: "\(path) is missing: tools/install installs it")
        }
        var ends: [Int32] = [0, 0]
        // Closed on exec, so that no other child keeps the pipe open.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw EtcdServer.Failure(description: "no pipe: errno \(errno)")
        }
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        // The threads that tests run on block signals, and a shell with SIGCHLD blocked never stops waiting.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var id = pid_t()
        let result = posix_spawn(&id, path, &actions, &attributes, &words, environ)
        guard result == 0 else {
            close(ends[1])
            throw EtcdServer.Failure(description: "\(path) does not start: errno \(result)")
        }
        self.id = id
        input = ends[1]
    }

    /// Ends its input and waits until it is gone; returns its exit code.
    @discardableResult func finish() -> Int32 {
        close(input)
        var status: Int32 = 0
        while waitpid(id, &status, 0) == -1, errno == EINTR {}
        return (status >> 8) & 0xff
    }
}
