internal import Operations

extension Operation {
    /// Whether this operation, which is later, makes an earlier definition pointless; nil if it does not, false
    /// if that cannot be told.
    ///
    /// - Parameters:
    ///   - earlier: A definition.
    ///   - drafts: What it came to, which names what it dropped.
    /// - Returns: True, false or nil.
    func replaces(_ earlier: Operation, drafts: [StepDraft]) -> Bool? {
        if case .dropDatabase(let id) = self, case .alterDatabase(let database) = earlier {
            return database.id == id ? true : nil
        }
        // A collection that was renamed is called otherwise now.
        if case .renameCollection(let id, _, _) = self {
            return id == earlier.collection ? false : nil
        }
        switch earlier {
        case .createIndex, .alterIndex, .dropIndex:
            return drafts.contains { touchesIndex(of: $0.action) } ? true : nil
        case .load, .release:
            return (kind == .load || kind == .release) && collection == earlier.collection
                ? true : nil
        case .flush: return nil
        case .createAlias, .alterAlias, .dropAlias:
            return alias != nil && alias == earlier.alias ? true : nil
        case .alterCollection:
            return kind == .alterCollection && collection == earlier.collection ? true : nil
        case .alterDatabase(let database):
            if case .alterDatabase(let later) = self, later.id == database.id { return true }
            return nil
        default: return kind == earlier.kind ? false : nil
        }
    }

    private func touchesIndex(of action: StepAction) -> Bool {
        let index: IndexDefinition
        switch action {
        case .createIndex(let held, _), .alterIndex(let held, _), .dropIndex(let held, _):
            index = held
        default: return false
        }
        switch self {
        case .createIndex(let later), .alterIndex(let later):
            return later.collection == index.collection
                && (later.id == index.id || later.name == index.name || later.field == index.field)
        case .dropIndex(let collection, let id):
            return collection == index.collection && id == index.id
        default: return false
        }
    }

    private struct Alias: Equatable {
        let database: DatabaseID
        let name: String
    }

    private var alias: Alias? {
        switch self {
        case .createAlias(let alias), .alterAlias(let alias):
            Alias(database: alias.database, name: alias.name)
        case .dropAlias(let database, let name): Alias(database: database, name: name)
        default: nil
        }
    }
}
