internal import Glibc
internal import Synchronization

/// The real file system.
package struct PosixStorage: Storage {
    package init() {}

    package func create(directory: String) throws(StorageFailure) {
        if unsafe mkdir(directory, 0o777) == 0 {
            // The name is durable only once the directory that holds it is.
            try sync(directory: Self.parent(of: directory))
            return
        }
        switch errno {
        case EEXIST: return
        case ENOENT where Self.parent(of: directory) != directory:
            try create(directory: Self.parent(of: directory))
            try create(directory: directory)
        default: throw StorageFailure(errno: errno, call: "mkdir", path: directory)
        }
    }

    package func list(directory: String) throws(StorageFailure) -> [String] {
        guard let stream = unsafe opendir(directory) else {
            throw StorageFailure(errno: errno, call: "opendir", path: directory)
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                let count = unsafe bytes.baseAddress.map { unsafe strlen($0) } ?? 0
                return unsafe String(decoding: bytes[..<count], as: UTF8.self)
            }
            names.append(name)
            errno = 0
        }
        guard errno == 0 else {
            throw StorageFailure(errno: errno, call: "readdir", path: directory)
        }
        names.removeAll { $0 == "." || $0 == ".." }
        return names
    }

    package func sync(directory: String) throws(StorageFailure) {
        let descriptor = try Self.descriptor(of: directory)
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw StorageFailure(errno: errno, call: "fsync", path: directory)
        }
    }

    package func open(directory: String) throws(StorageFailure) -> any StorageDirectory {
        PosixDirectory(descriptor: try Self.descriptor(of: directory), path: directory)
    }

    package func open(
        _ path: String,
        for access: StorageAccess
    ) throws(StorageFailure) -> any StorageFile {
        let flags =
            switch access {
            case .reading: O_RDONLY
            case .writing: O_RDWR | O_CREAT
            case .replacing: O_RDWR | O_CREAT | O_TRUNC
            }
        let descriptor = unsafe Glibc.open(path, flags | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw StorageFailure(errno: errno, call: "open", path: path)
        }
        return PosixFile(descriptor: descriptor, path: path)
    }

    package func rename(_ path: String, to newPath: String) throws(StorageFailure) {
        guard unsafe Glibc.rename(path, newPath) == 0 else {
            throw StorageFailure(errno: errno, call: "rename", path: path)
        }
    }

    package func remove(_ path: String) throws(StorageFailure) {
        guard unsafe unlink(path) == 0 else {
            throw StorageFailure(errno: errno, call: "unlink", path: path)
        }
    }

    package func freeBytes(directory: String) throws(StorageFailure) -> Int {
        var status = statvfs()
        guard unsafe statvfs(directory, &status) == 0 else {
            throw StorageFailure(errno: errno, call: "statvfs", path: directory)
        }
        return Int(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }

    /// Opens a directory; whoever asks closes it.
    private static func descriptor(of directory: String) throws(StorageFailure) -> Int32 {
        let descriptor = unsafe Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw StorageFailure(errno: errno, call: "open", path: directory)
        }
        return descriptor
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

/// One open descriptor of a directory.
private final class PosixDirectory: StorageDirectory {
    private let descriptor: Int32
    private let path: String

    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { Glibc.close(descriptor) }

    // A file is found from the directory, not by its whole path, and `lseek` tells its size for less than `fstat`.
    func glance(at name: String, _ start: inout [UInt8]) throws(StorageFailure) -> Int {
        let file = unsafe name.withCString { name in
            unsafe openat(descriptor, name, O_RDONLY | O_CLOEXEC)
        }
        guard file >= 0 else { throw failure("open", name) }
        defer { Glibc.close(file) }
        let count = unsafe start.withUnsafeMutableBytes { buffer in
            unsafe readBytes(of: file, at: 0, into: buffer)
        }
        guard let count else { throw failure("pread", name) }
        if count < start.count { start.removeLast(start.count - count) }
        let fileBytes = lseek(file, 0, SEEK_END)
        guard fileBytes >= 0 else { throw failure("lseek", name) }
        return fileBytes
    }

    private func failure(_ call: String, _ name: String) -> StorageFailure {
        StorageFailure(errno: errno, call: call, path: "\(path)/\(name)")
    }
}

/// Fills a buffer from a descriptor.
///
/// - Returns: How many bytes there were, fewer only at the end of the file; nil after a failure that `errno` tells.
private func readBytes(
    of descriptor: Int32,
    at offset: Int,
    into buffer: UnsafeMutableRawBufferPointer
) -> Int? {
    var done = 0
    while done < buffer.count {
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
        let result = unsafe pread(descriptor, rest.baseAddress, rest.count, offset + done)
        if result < 0, errno == EINTR { continue }
        guard result >= 0 else { return nil }
        guard result > 0 else { break }
        done += result
    }
    return done
}

/// One open descriptor.
private final class PosixFile: StorageFile {
    private let descriptor: Int32
    private let path: String
    private let isLocked = Atomic(false)

    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        if isLocked.load(ordering: .relaxed) { unlock() }
        Glibc.close(descriptor)
    }

    func size() throws(StorageFailure) -> Int {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw failure("fstat") }
        return Int(status.st_size)
    }

    func read(at offset: Int, count: Int) throws(StorageFailure) -> [UInt8] {
        var failed: Int32?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            let read = unsafe readBytes(
                of: descriptor,
                at: offset,
                into: UnsafeMutableRawBufferPointer(buffer)
            )
            if read == nil { failed = errno }
            done = read ?? 0
        }
        if let failed { throw StorageFailure(errno: failed, call: "pread", path: path) }
        return bytes
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(StorageFailure) {
        var failed: Int32 = 0
        unsafe bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[done...])
                let result = unsafe pwrite(descriptor, rest.baseAddress, rest.count, offset + done)
                if result < 0, errno == EINTR { continue }
                if result < 0 {
                    failed = errno
                    return
                }
                done += result
            }
        }
        guard failed == 0 else { throw StorageFailure(errno: failed, call: "pwrite", path: path) }
    }

    func truncate(to size: Int) throws(StorageFailure) {
        guard ftruncate(descriptor, size) == 0 else { throw failure("ftruncate") }
    }

    func sync() throws(StorageFailure) {
        if fdatasync(descriptor) == 0 { return }
        // EINVAL: a file system that has nothing to sync. Source: fsync(2).
        guard errno != EINVAL else {
            throw StorageFailure(.readOnly, call: StorageFailure.syncCall, path: path)
        }
        throw failure(StorageFailure.syncCall)
    }

    // The lock belongs to the open file description: it goes with the last descriptor, and two openings in
    // one process exclude each other too. Source: fcntl(2), "Open file description locks"; the numbers are
    // those of <asm-generic/fcntl.h>, which Glibc's module does not export.
    private static let getLock: Int32 = 36
    private static let setLock: Int32 = 37

    func lock() throws(StorageFailure) -> Bool {
        var request = flock()
        request.l_type = Int16(F_WRLCK)
        request.l_whence = Int16(SEEK_SET)
        if unsafe fcntl(descriptor, Self.setLock, &request) == 0 {
            isLocked.store(true, ordering: .relaxed)
            return true
        }
        guard errno == EAGAIN || errno == EACCES else { throw failure("fcntl") }
        return false
    }

    /// Gives the lock up for a child too that is being started: it has the descriptor until it becomes another program.
    private func unlock() {
        var request = flock()
        request.l_type = Int16(F_UNLCK)
        request.l_whence = Int16(SEEK_SET)
        _ = unsafe fcntl(descriptor, Self.setLock, &request)
    }

    func isLockedByOther() throws(StorageFailure) -> Bool {
        var request = flock()
        request.l_type = Int16(F_RDLCK)
        request.l_whence = Int16(SEEK_SET)
        guard unsafe fcntl(descriptor, Self.getLock, &request) == 0 else { throw failure("fcntl") }
        return request.l_type != Int16(F_UNLCK)
    }

    private func failure(_ call: String) -> StorageFailure {
        StorageFailure(errno: errno, call: call, path: path)
    }
}

extension StorageFailure {
    /// Sorts an error number: what is missing, what is full, and the rest.
    fileprivate init(errno number: Int32, call: String, path: String) {
        let code: Code =
            switch number {
            case ENOENT: .notFound
            case ENOSPC, EDQUOT: .full
            case EROFS: .readOnly
            default: .other(number)
            }
        self.init(code, call: call, path: path)
    }
}

/// What the operating system calls an error, such as "Input/output error".
func errorText(_ number: Int32) -> String {
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    return unsafe String(cString: text)
}

/// The number of this process.
func processNumber() -> Int32 { getpid() }
