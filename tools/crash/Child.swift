import Glibc

/// A process of this program whose standard output is read line by line.
final class Child {
    private let pid: pid_t
    private let output: Int32
    private var unread: [UInt8] = []
    private(set) var lines: [String] = []
    private var isOver = false

    init(_ arguments: [String]) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw CrashFailure("pipe: errno \(errno)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        var list: [UnsafeMutablePointer<CChar>?] = (["flightlog-crash"] + arguments).map {
            strdup($0)
        }
        list.append(nil)
        defer { list.forEach { free($0) } }
        var number: pid_t = 0
        let code = posix_spawn(&number, "/proc/self/exe", &actions, nil, list, environ)
        close(ends[1])
        guard code == 0 else {
            close(ends[0])
            throw CrashFailure("posix_spawn: errno \(code)")
        }
        (pid, output) = (number, ends[0])
    }

    deinit {
        if !isOver { _ = end() }
        close(output)
    }

    /// Reads lines for some time, or until one begins with a word.
    ///
    /// - Returns: Whether one does.
    @discardableResult
    func read(microseconds: Int, until word: String? = nil) -> Bool {
        let clock = ContinuousClock()
        let deadline = clock.now + .microseconds(microseconds)
        while true {
            if let word, lines.contains(where: { $0.hasPrefix(word) }) { return true }
            let left = (deadline - clock.now) / .milliseconds(1)
            guard left > 0 else { return false }
            var ready = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            guard poll(&ready, 1, Int32(left.rounded(.up))) > 0 else { continue }
            guard readSome() else { return false }
        }
    }

    /// Kills the process, reads what it still said, and returns whether it lived until then.
    func end() -> Bool {
        kill(pid, SIGKILL)
        while readSome() {}
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        isOver = true
        return status & 0x7f == SIGKILL
    }

    private func readSome() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = Glibc.read(output, &buffer, buffer.count)
        guard count > 0 else { return count < 0 && errno == EINTR }
        unread += buffer[..<count]
        while let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(String(decoding: unread[..<end], as: UTF8.self))
            unread.removeSubrange(...end)
        }
        return true
    }
}
