internal import Operations

/// What must be set and removed to turn some properties into others.
struct PropertyChange: Hashable {
    /// New or with another value, by key.
    let added: [Property]
    /// The keys of those to remove, ascending.
    let removed: [String]

    init(from old: [Property], to new: [Property]) {
        added = Set(new).subtracting(old).sorted()
        removed = Set(old.map(\.key)).subtracting(new.map(\.key)).sorted()
    }

    var isEmpty: Bool { added.isEmpty && removed.isEmpty }
}
