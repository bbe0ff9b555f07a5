/// The file system under a journal: the seam that tests break.
///
/// Paths are absolute or relative to the process. Every call may throw `StorageFailure`. What was written is
/// safe from a crash of the machine only after `sync` of the file, and, where a name was made or
/// changed, after `sync(directory:)`.
package protocol Storage: Sendable {
    /// Makes a directory and those above it; it is no error if they exist.
    func create(directory: String) throws(StorageFailure)
    /// The names in a directory, in no order.
    func list(directory: String) throws(StorageFailure) -> [String]
    /// Makes names in a directory durable.
    func sync(directory: String) throws(StorageFailure)
    /// Opens a directory, to look at many of its files.
    func open(directory: String) throws(StorageFailure) -> any StorageDirectory
    /// Opens a file.
    func open(_ path: String, for access: StorageAccess) throws(StorageFailure) -> any StorageFile
    /// Gives a file another name, in place of whatever has that name.
    func rename(_ path: String, to newPath: String) throws(StorageFailure)
    func remove(_ path: String) throws(StorageFailure)
    /// Bytes that can still be written to the file system of a directory.
    func freeBytes(directory: String) throws(StorageFailure) -> Int
}

/// What a file is opened for.
package enum StorageAccess: Hashable, Sendable {
    /// To be read; it must exist.
    case reading
    /// To be read and written; it is made if it does not exist.
    case writing
    /// To be read and written, empty.
    case replacing
}

/// One open directory; closed when the last reference goes.
package protocol StorageDirectory: AnyObject, Sendable {
    /// Looks at a file of the directory without keeping it open.
    ///
    /// - Parameters:
    ///   - name: The file's name in the directory.
    ///   - start: Is filled with the file's first bytes; it gets shorter only if the file is.
    /// - Returns: Bytes in the file.
    /// - Throws: `StorageFailure`; what `start` then holds is nothing to go by.
    func glance(at name: String, _ start: inout [UInt8]) throws(StorageFailure) -> Int
}

/// One open file; closed when the last reference goes.
package protocol StorageFile: AnyObject, Sendable {
    /// Bytes in the file.
    func size() throws(StorageFailure) -> Int
    /// Up to `count` bytes from `offset`; fewer only at the end of the file.
    func read(at offset: Int, count: Int) throws(StorageFailure) -> [UInt8]
    /// Writes all bytes. After an error any part of them may be in the file.
    func write(_ bytes: [UInt8], at offset: Int) throws(StorageFailure)
    func truncate(to size: Int) throws(StorageFailure)
    /// Makes the content durable. After an error nothing is known about what was written since the last
    /// success, not even after a later success: never call it again on this file.
    func sync() throws(StorageFailure)
    /// Takes the file's lock for as long as the file is open; false if another open file holds it, in this
    /// process or another.
    func lock() throws(StorageFailure) -> Bool
    /// Whether another open file holds the lock; takes nothing.
    func isLockedByOther() throws(StorageFailure) -> Bool
}

/// A call on the file system that failed.
package struct StorageFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure.
    package enum Code: Hashable, Sendable {
        /// The path does not exist.
        case notFound
        /// No room on the disk or in the quota.
        case full
        /// The file system cannot be written to.
        case readOnly
        /// Anything else; the operating system's error number.
        case other(Int32)
    }

    package let code: Code
    /// The call, such as `fdatasync`.
    package let call: String
    package let path: String

    /// What `sync` of a file is called in failures.
    package static let syncCall = "fdatasync"

    package init(_ code: Code, call: String, path: String) {
        self.code = code
        self.call = call
        self.path = path
    }

    package var description: String {
        let text =
            switch code {
            case .notFound: "no such file or directory"
            case .full: "no space left"
            case .readOnly: "read-only file system"
            case .other(let number): errorText(number)
            }
        return "\(call) \(path): \(text)"
    }
}
