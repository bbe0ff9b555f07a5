internal import Glibc

/// How many files the process may have open.
enum ProcessFiles {
    /// More than any server of ours needs.
    private static let wanted: UInt64 = 65_536

    /// Raises the limit as far as the system allows, and returns it.
    ///
    /// Many systems begin with 1024, which connections alone could use up.
    static func allowMany() -> Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return 1024
        }
        limit.rlim_cur = min(limit.rlim_max, max(limit.rlim_cur, rlim_t(wanted)))
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(min(limit.rlim_cur, rlim_t(wanted)))
    }
}
