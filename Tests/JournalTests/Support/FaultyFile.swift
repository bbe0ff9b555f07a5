import Journal
import Synchronization

/// An open directory of a `FaultyStorage`.
final class FaultyDirectory: StorageDirectory {
    private let path: String
    private let storage: FaultyStorage

    init(_ path: String, _ storage: FaultyStorage) {
        self.path = path
        self.storage = storage
    }

    func glance(at name: String, _ start: inout [UInt8]) throws(StorageFailure) -> Int {
        let file = try storage.open("\(path)/\(name)", for: .reading)
        start = try file.read(at: 0, count: start.count)
        return try file.size()
    }
}

/// An open file of a `FaultyStorage`.
final class FaultyFile: StorageFile {
    private let node: FaultyStorage.Node
    private let path: String
    private let storage: FaultyStorage

    init(_ node: FaultyStorage.Node, _ path: String, _ storage: FaultyStorage) {
        self.node = node
        self.path = path
        self.storage = storage
    }

    deinit {
        let me = ObjectIdentifier(self)
        node.content.withLock { if $0.lockHolder == me { $0.lockHolder = nil } }
    }

    func size() throws(StorageFailure) -> Int { node.content.withLock { $0.current.count } }

    func read(at offset: Int, count: Int) throws(StorageFailure) -> [UInt8] {
        try storage.countRead(path)
        return node.content.withLock { Array($0.current.dropFirst(offset).prefix(count)) }
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(StorageFailure) {
        let fault = try storage.fault("pwrite", path)
        let room = try storage.room()
        let grows = node.content.withLock { max(0, offset + bytes.count - $0.current.count) }
        let isFull = grows > room
        let part = fault != nil || isFull ? Array(bytes.prefix(bytes.count / 2)) : bytes
        node.content.withLock { content in
            FaultyStorage.Node.Change.write(offset: offset, bytes: part).apply(to: &content.current)
            content.unsynced.append(.write(offset: offset, bytes: part))
        }
        if let fault { throw fault.failure("pwrite", path) }
        if isFull { throw StorageFailure(.full, call: "pwrite", path: path) }
    }

    func truncate(to size: Int) throws(StorageFailure) {
        try storage.attempt("ftruncate", path)
        node.content.withLock { content in
            FaultyStorage.Node.Change.truncate(size: size).apply(to: &content.current)
            content.unsynced.append(.truncate(size: size))
        }
    }

    func sync() throws(StorageFailure) {
        let fault = storage.isObserver ? nil : try storage.fault("fdatasync", path)
        node.content.withLock { content in
            guard fault != .crash else { return }
            if fault == nil {
                for change in content.unsynced { change.apply(to: &content.durable) }
            }
            content.unsynced = []
        }
        if let fault { throw fault.failure("fdatasync", path) }
    }

    func lock() throws(StorageFailure) -> Bool {
        let me = ObjectIdentifier(self)
        return node.content.withLock { content in
            if content.lockHolder == nil { content.lockHolder = me }
            return content.lockHolder == me
        }
    }

    func isLockedByOther() throws(StorageFailure) -> Bool {
        let me = ObjectIdentifier(self)
        return node.content.withLock { $0.lockHolder != nil && $0.lockHolder != me }
    }
}

extension FaultyStorage.Node.Change {
    func apply(to bytes: inout [UInt8]) {
        switch self {
        case .truncate(let size):
            bytes = Array(bytes.prefix(size))
            bytes += Array(repeating: 0, count: size - bytes.count)
        case .write(let offset, let piece):
            let end = offset + piece.count
            if bytes.count < end { bytes += Array(repeating: 0, count: end - bytes.count) }
            bytes.replaceSubrange(offset..<end, with: piece)
        }
    }
}

extension FaultyStorage {
    func room() throws(StorageFailure) -> Int {
        try withState { state throws(StorageFailure) in
            let used = state.names.values.reduce(0) { sum, node in
                sum + node.content.withLock { $0.current.count }
            }
            return state.capacityBytes - used
        }
    }

    /// What the next boot finds.
    func afterCrash(_ survival: Survival) -> FaultyStorage {
        var random = SeededRandom(seed: 0)
        if case .some(let seed) = survival { random = SeededRandom(seed: seed) }
        func survives() -> Bool {
            switch survival {
            case .nothing: false
            case .everything: true
            case .some: Bool.random(using: &random)
            }
        }
        let old = state.withLock { state in
            (state.directories, state.durableNames, state.unsyncedNames)
        }
        var (directories, names, changes) = old
        while let change = changes.first, survives() {
            change.apply(to: &names)
            changes.removeFirst()
        }
        directories.insert("/")
        var next = State()
        next.directories = directories
        for (path, node) in names.sorted(by: { $0.key < $1.key }) {
            let fresh = Node()
            var bytes = node.content.withLock { $0.durable }
            for change in node.content.withLock({ $0.unsynced }) {
                for piece in change.sectors where survives() { piece.apply(to: &bytes) }
            }
            let found = bytes
            fresh.content.withLock { content in
                content.current = found
                content.durable = found
            }
            next.names[path] = fresh
        }
        next.durableNames = next.names
        return FaultyStorage(next)
    }

    /// What the next process finds after the last one was killed: every byte that was written, synced or not.
    func afterKill() -> FaultyStorage {
        let old = state.withLock { state in
            (state.directories, state.names, state.durableNames, state.unsyncedNames)
        }
        for node in old.1.values { node.content.withLock { $0.lockHolder = nil } }
        var next = State()
        (next.directories, next.names, next.durableNames, next.unsyncedNames) = old
        return FaultyStorage(next)
    }

    /// The content of a file, to look at or to change.
    subscript(path: String) -> [UInt8]? {
        get { state.withLock { $0.names[path] }?.content.withLock { $0.current } }
        set {
            state.withLock { state in
                guard let newValue else {
                    state.names[path] = nil
                    state.durableNames[path] = nil
                    return
                }
                let node = state.names[path] ?? Node()
                node.content.withLock { content in
                    content.current = newValue
                    content.durable = newValue
                    content.unsynced = []
                }
                state.names[path] = node
                state.durableNames[path] = node
            }
        }
    }

    /// All files by path.
    var files: [String: [UInt8]] {
        state.withLock { $0.names }.mapValues { node in node.content.withLock { $0.current } }
    }

    /// A storage with these files and nothing else.
    static func holding(_ files: [String: [UInt8]], directories: Set<String>) -> FaultyStorage {
        let storage = FaultyStorage()
        storage.state.withLock { $0.directories.formUnion(directories) }
        for (path, bytes) in files { storage[path] = bytes }
        return storage
    }
}

extension FaultyStorage.Node.Change {
    /// The pieces of a write that a disk takes one by one.
    fileprivate var sectors: [Self] {
        guard case .write(let offset, let bytes) = self else { return [self] }
        var pieces: [Self] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, (offset + start) / 512 * 512 + 512 - offset)
            pieces.append(.write(offset: offset + start, bytes: Array(bytes[start..<end])))
            start = end
        }
        return pieces
    }
}
