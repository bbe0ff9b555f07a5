internal import FoundationEssentials
internal import Journal
internal import Operations

/// What callers gave tasks to log in to their targets with: one file a task, for this user alone.
///
/// The catalog says of a task only that there is one. It is written before the task is, and goes after it.
struct TaskSecrets: Sendable {
    /// The key of a task's options that says it has a secret, and what stands there.
    static let option = "token"
    static let reference = "kept"
    private static let ownerOnly: Int16 = 0o600
    private static let ownerOnlyDirectory: Int16 = 0o700

    let directory: String
    var storage: any Storage = PosixStorage()

    /// Keeps a secret, in the place of an earlier one; it is on disk when this returns.
    ///
    /// - Throws: `StorageFailure`, or what the file manager throws.
    func put(_ secret: String, for task: String) throws {
        try FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: Self.ownerOnlyDirectory]
        )
        let path = path(task)
        let temporary = path + ".tmp"
        let file = try storage.open(temporary, for: .replacing)
        // Before there is anything in it.
        try FileManager.default.setAttributes(
            [.posixPermissions: Self.ownerOnly],
            ofItemAtPath: temporary
        )
        try file.write(Array(secret.utf8), at: 0)
        try file.sync()
        try storage.rename(temporary, to: path)
        try storage.sync(directory: directory)
    }

    /// The secret of a task; nil if none is kept.
    ///
    /// - Throws: `StorageFailure`.
    func secret(of task: String) throws -> String? {
        do {
            let file = try storage.open(path(task), for: .reading)
            return String(decoding: try file.read(at: 0, count: try file.size()), as: UTF8.self)
        } catch  where error.code == .notFound {
            return nil
        }
    }

    /// Forgets the secret of a task, if it has one.
    ///
    /// - Throws: `StorageFailure`.
    func remove(_ task: String) throws {
        do {
            try storage.remove(path(task))
        } catch  where error.code == .notFound {
            return
        }
    }

    // A task's id is letters, digits and “-_.”, and never begins with a dot.
    private func path(_ task: String) -> String { "\(directory)/\(task)" }
}
