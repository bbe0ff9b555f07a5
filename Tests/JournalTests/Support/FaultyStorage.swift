import Journal
import Synchronization

/// A file system in memory that can be told to fail, and to lose what was not synced.
///
/// Every call that changes something is counted; a fault is a number and what happens there.
final class FaultyStorage: Storage {
    /// What happens at one call.
    enum Fault: Hashable, Sendable {
        /// The machine dies: the call is not done, or a write only in part, and no later call is.
        case crash
        /// The call fails with EIO. A write is done in part; a sync loses what it should have saved, and
        /// the pages look clean afterwards.
        case inputOutput
        /// The call fails with ENOSPC. A write is done in part.
        case full
    }

    /// What of the bytes and names that were not synced is there after a crash.
    enum Survival: Hashable, Sendable {
        case nothing
        case everything
        /// Any sectors of the writes and any number of the name changes.
        case some(seed: UInt64)
    }

    final class Node: Sendable {
        struct Content {
            /// What a program reads.
            var current: [UInt8] = []
            /// What is on the disk.
            var durable: [UInt8] = []
            /// What is to get there with the next sync.
            var unsynced: [Change] = []
            var lockHolder: ObjectIdentifier?
        }

        enum Change {
            case write(offset: Int, bytes: [UInt8])
            case truncate(size: Int)
        }

        let content = Mutex(Content())
    }

    enum NameChange {
        case add(String, Node)
        case remove(String)
        case rename(String, String)
    }

    struct State {
        var directories: Set<String> = ["/"]
        var names: [String: Node] = [:]
        var durableNames: [String: Node] = [:]
        var unsyncedNames: [NameChange] = []
        var faults: [Int: Fault] = [:]
        var calls: [String] = []
        /// How often a file was read, and which of these times fail.
        var reads = 0
        var failingReads: Set<Int> = []
        var isCrashed = false
        /// How many bytes all files may have together.
        var capacityBytes = Int.max
        /// What `freeBytes` says.
        var freeBytes = Int.max
    }

    let state: Mutex<State>
    /// Whether this is a view that no fault touches.
    let isObserver: Bool
    private let origin: FaultyStorage?

    init(_ state: consuming sending State = State()) {
        self.state = Mutex(state)
        isObserver = false
        origin = nil
    }

    private init(observing origin: FaultyStorage) {
        state = Mutex(State())
        isObserver = true
        self.origin = origin
    }

    /// The same files seen by another process that only reads, whatever befalls the writer.
    var observer: FaultyStorage { FaultyStorage(observing: self) }

    func withState<Value>(
        _ body: (inout State) throws(StorageFailure) -> sending Value
    ) throws(StorageFailure) -> Value {
        if let origin { return try origin.withState(body) }
        return try state.withLock(body)
    }

    /// Fails the calls with these numbers, counted from 1 over the life of the storage.
    func fail(_ faults: [Int: Fault]) { state.withLock { $0.faults = faults } }

    /// Fails these reads, counted from 1 from now on.
    func failReads(_ numbers: Set<Int>) {
        state.withLock { state in (state.reads, state.failingReads) = (0, numbers) }
    }

    /// How many reads there were since `failReads`.
    var readCount: Int { state.withLock { $0.reads } }

    /// Counts a read, and fails it if it is its turn.
    func countRead(_ path: String) throws(StorageFailure) {
        let fails = try withState { state throws(StorageFailure) in
            state.reads += 1
            return state.failingReads.contains(state.reads)
        }
        if fails { throw StorageFailure(.other(5), call: "pread", path: path) }
    }

    func limit(capacityBytes: Int) { state.withLock { $0.capacityBytes = capacityBytes } }

    func say(freeBytes: Int) { state.withLock { $0.freeBytes = freeBytes } }

    func freeBytes(directory: String) throws(StorageFailure) -> Int {
        try withState { $0.freeBytes }
    }

    /// The calls so far that changed something.
    var calls: [String] { state.withLock { $0.calls } }

    var isCrashed: Bool { state.withLock { $0.isCrashed } }

    /// Counts a call and says what is to happen.
    func fault(_ call: String, _ path: String) throws(StorageFailure) -> Fault? {
        if isObserver { throw StorageFailure(.other(30), call: call, path: path) }
        let fault: Fault? = try state.withLock { state throws(StorageFailure) in
            guard !state.isCrashed else { throw StorageFailure(.other(-1), call: call, path: path) }
            state.calls.append("\(call) \(path)")
            let fault = state.faults[state.calls.count]
            if fault == .crash { state.isCrashed = true }
            return fault
        }
        return fault
    }

    /// As `fault`, for calls that are done whole or not at all.
    func attempt(_ call: String, _ path: String) throws(StorageFailure) {
        if let fault = try fault(call, path) { throw fault.failure(call, path) }
    }
}

extension FaultyStorage.Fault {
    func failure(_ call: String, _ path: String) -> StorageFailure {
        switch self {
        case .crash: StorageFailure(.other(-1), call: call, path: path)
        case .inputOutput: StorageFailure(.other(5), call: call, path: path)
        case .full: StorageFailure(.full, call: call, path: path)
        }
    }
}

extension FaultyStorage {
    func create(directory: String) throws(StorageFailure) {
        try attempt("mkdir", directory)
        state.withLock { state in
            var path = ""
            for part in directory.split(separator: "/") {
                path += "/\(part)"
                state.directories.insert(path)
            }
        }
    }

    func list(directory: String) throws(StorageFailure) -> [String] {
        try withState { state throws(StorageFailure) in
            guard state.directories.contains(directory) else {
                throw StorageFailure(.notFound, call: "opendir", path: directory)
            }
            let prefix = directory + "/"
            return state.names.keys.filter { $0.hasPrefix(prefix) }
                .map { String($0.dropFirst(prefix.count)) }.filter { !$0.contains("/") }
        }
    }

    func sync(directory: String) throws(StorageFailure) {
        try attempt("fsync", directory)
        state.withLock { state in
            // As a journalling file system does: one order for all name changes.
            for change in state.unsyncedNames { change.apply(to: &state.durableNames) }
            state.unsyncedNames = []
        }
    }

    func open(directory: String) throws(StorageFailure) -> any StorageDirectory {
        let isThere = try withState { state throws(StorageFailure) in
            state.directories.contains(directory)
        }
        guard isThere else { throw StorageFailure(.notFound, call: "open", path: directory) }
        return FaultyDirectory(directory, self)
    }

    func open(
        _ path: String,
        for access: StorageAccess
    ) throws(StorageFailure) -> any StorageFile {
        let known = try withState { state throws(StorageFailure) in state.names[path] }
        if access == .reading, known == nil {
            throw StorageFailure(.notFound, call: "open", path: path)
        }
        if let known, access != .replacing { return FaultyFile(known, path, self) }
        try attempt("creat", path)
        let node = state.withLock { state in
            if let known = state.names[path] { return known }
            let node = Node()
            state.names[path] = node
            state.unsyncedNames.append(.add(path, node))
            return node
        }
        node.content.withLock { content in
            content.current = []
            content.unsynced.append(.truncate(size: 0))
        }
        return FaultyFile(node, path, self)
    }

    func rename(_ path: String, to newPath: String) throws(StorageFailure) {
        try attempt("rename", path)
        state.withLock { state in
            let change = NameChange.rename(path, newPath)
            change.apply(to: &state.names)
            state.unsyncedNames.append(change)
        }
    }

    func remove(_ path: String) throws(StorageFailure) {
        try attempt("unlink", path)
        state.withLock { state in
            state.names[path] = nil
            state.unsyncedNames.append(.remove(path))
        }
    }
}

extension FaultyStorage.NameChange {
    func apply(to names: inout [String: FaultyStorage.Node]) {
        switch self {
        case .add(let path, let node): names[path] = node
        case .remove(let path): names[path] = nil
        case .rename(let path, let newPath): names[newPath] = names.removeValue(forKey: path)
        }
    }
}
