package import Journal

/// The directory of one server: its lock, its catalog, its journals.
package struct DataDirectory: Sendable {
    package let path: String
    /// Held as long as this value is, and gone with the process.
    private let lock: any StorageFile
    private let storage: any Storage

    /// The catalog's file.
    package var catalog: String { "\(path)/catalog.sqlite" }

    /// The directory with a journal for each source.
    package var journals: String { "\(path)/journal" }

    /// Makes the directory if it is not there.
    ///
    /// - Throws: `StorageFailure`.
    package static func make(_ path: String, storage: any Storage = PosixStorage()) throws {
        try storage.create(directory: path)
    }

    /// The directory with what callers gave tasks to log in with.
    package var secrets: String { "\(path)/secrets" }

    /// Whether the lock file that others would find is the one that is held.
    package var isHeld: Bool {
        // What cannot be looked at is not known to be held.
        guard let found = try? storage.open("\(path)/lock", for: .reading),
            let isLocked = try? found.isLockedByOther()
        else { return false }
        return isLocked
    }

    /// Makes the directory if it is not there, and takes it for this process, whose number others are told.
    ///
    /// - Throws: `Trouble` of kind `busy` where another process has it; `StorageFailure`.
    package static func take(
        _ path: String,
        pid: Int32,
        storage: any Storage = PosixStorage()
    ) throws -> DataDirectory {
        try make(path, storage: storage)
        let file = try storage.open("\(path)/lock", for: .writing)
        guard try file.lock() else {
            let text = String(decoding: try file.read(at: 0, count: 20), as: UTF8.self)
            let holder = text.split(whereSeparator: \.isWhitespace).first.map { "process \($0)" }
            throw Trouble(
                .busy,
                "The data directory \(path) is in use by \(holder ?? "another process").",
                hint: "One server runs for each data directory; stop the other one first."
            )
        }
        let text = Array("\(pid)\n".utf8)
        try file.write(text, at: 0)
        try file.truncate(to: text.count)
        return DataDirectory(path: path, lock: file, storage: storage)
    }

    private init(path: String, lock: any StorageFile, storage: any Storage) {
        self.path = path
        self.lock = lock
        self.storage = storage
    }
}
