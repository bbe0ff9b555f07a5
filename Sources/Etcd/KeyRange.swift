/// All keys that begin with a prefix, as etcd writes it: from `first` to just before `end`.
struct KeyRange: Hashable, Sendable {
    let first: [UInt8]
    let end: [UInt8]

    /// The keys below a path, without the path itself.
    init(below path: String) {
        self.init(prefix: Array("\(path)/".utf8))
    }

    /// - Parameter prefix: Not empty, and not made of 0xff alone.
    init(prefix: [UInt8]) {
        guard let last = prefix.lastIndex(where: { $0 < 0xff }) else {
            preconditionFailure("no key comes after this prefix")
        }
        first = prefix
        end = prefix[..<last] + [prefix[last] + 1]
    }

    /// A key without the prefix; nil where it is not in the range.
    func relative(_ key: some Collection<UInt8>) -> String? {
        guard key.starts(with: first) else { return nil }
        return String(decoding: key.dropFirst(first.count), as: UTF8.self)
    }
}
