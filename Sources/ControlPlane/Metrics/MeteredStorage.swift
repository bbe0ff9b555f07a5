internal import Journal
internal import Synchronization

/// What a journal's writer asked of the disk since it was opened.
final class DiskMeter: Sendable {
    /// A reading.
    struct Reading: Sendable {
        var syncs = Histogram.seconds
        var writtenBytes: UInt64 = 0
    }

    private let state = Mutex(Reading())

    var reading: Reading { state.withLock { $0 } }

    func noteSync(_ duration: Duration) { state.withLock { $0.syncs.observe(duration) } }

    func noteWrite(_ count: Int) { state.withLock { $0.writtenBytes += UInt64(count) } }
}

/// A file system that is measured: how long each sync takes, and how much is written.
struct MeteredStorage: Storage {
    let storage: any Storage
    let meter: DiskMeter

    func create(directory: String) throws(StorageFailure) {
        try storage.create(directory: directory)
    }

    func list(directory: String) throws(StorageFailure) -> [String] {
        try storage.list(directory: directory)
    }

    func sync(directory: String) throws(StorageFailure) { try storage.sync(directory: directory) }

    func open(directory: String) throws(StorageFailure) -> any StorageDirectory {
        try storage.open(directory: directory)
    }

    func open(
        _ path: String,
        for access: StorageAccess
    ) throws(StorageFailure) -> any StorageFile {
        MeteredFile(file: try storage.open(path, for: access), meter: meter)
    }

    func rename(_ path: String, to newPath: String) throws(StorageFailure) {
        try storage.rename(path, to: newPath)
    }

    func remove(_ path: String) throws(StorageFailure) { try storage.remove(path) }

    func freeBytes(directory: String) throws(StorageFailure) -> Int {
        try storage.freeBytes(directory: directory)
    }
}

/// One open file of it.
private final class MeteredFile: StorageFile {
    private let file: any StorageFile
    private let meter: DiskMeter

    init(file: any StorageFile, meter: DiskMeter) {
        self.file = file
        self.meter = meter
    }

    func size() throws(StorageFailure) -> Int { try file.size() }

    func read(at offset: Int, count: Int) throws(StorageFailure) -> [UInt8] {
        try file.read(at: offset, count: count)
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(StorageFailure) {
        try file.write(bytes, at: offset)
        meter.noteWrite(bytes.count)
    }

    func truncate(to size: Int) throws(StorageFailure) { try file.truncate(to: size) }

    func sync() throws(StorageFailure) {
        let began = ContinuousClock.now
        try file.sync()
        meter.noteSync(ContinuousClock.now - began)
    }

    func lock() throws(StorageFailure) -> Bool { try file.lock() }

    func isLockedByOther() throws(StorageFailure) -> Bool { try file.isLockedByOther() }
}
