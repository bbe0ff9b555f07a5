/// The writer's lock: held as long as the file is open, gone with the process.
///
/// The file says who holds it: pid and epoch, as text. The epoch is the number of the opening; it grows with
/// each.
struct JournalLock: Sendable {
    private let file: any StorageFile
    /// The epoch of the last holder; zero if there was none.
    let lastEpoch: UInt64

    /// - Throws: `JournalError` with code `busy` if another writer holds the lock.
    static func take(_ directory: JournalDirectory) throws -> JournalLock {
        do {
            let file = try directory.storage.open(directory.lock, for: .writing)
            let isTaken = try file.lock()
            let text = String(decoding: try file.read(at: 0, count: 64), as: UTF8.self)
            let numbers = text.split(whereSeparator: \.isWhitespace)
            guard isTaken else {
                let pid = numbers.first.flatMap { Int32($0) }
                let holder = pid.map { "process \($0)" } ?? "another process"
                throw JournalError(
                    .busy(pid: pid),
                    "The journal \(directory.path) is being written by \(holder).",
                    hint: "A journal has one writer; stop the other one first."
                )
            }
            let epoch = numbers.count == 2 ? UInt64(numbers[1]) : nil
            // Not from a file that was tampered with: there must be room to count on.
            return JournalLock(file: file, lastEpoch: (epoch ?? 0) > 1 << 60 ? 0 : epoch ?? 0)
        } catch let failure as StorageFailure {
            throw JournalError(failure, "The journal's lock cannot be taken")
        }
    }

    /// Writes who holds the lock.
    func sign(epoch: UInt64) throws {
        let text = Array("\(processNumber()) \(epoch)\n".utf8)
        do {
            try file.write(text, at: 0)
            try file.truncate(to: text.count)
        } catch {
            throw JournalError(error, "The journal's lock cannot be written")
        }
    }
}
