internal import Operations

/// The primary keys of a request's rows.
struct RequestKeys: Sendable {
    private let keys: [RowKey]
    /// The lowest and the highest; nil where there are none.
    private let bounds: (lowest: RowKey, highest: RowKey)?

    init(_ keys: [RowKey]) {
        self.keys = keys
        if var lowest = keys.first {
            var highest = lowest
            for key in keys.dropFirst() {
                if key < lowest { lowest = key }
                if highest < key { highest = key }
            }
            bounds = (lowest, highest)
        } else {
            bounds = nil
        }
    }

    /// The keys of an insert; nil where they cannot be told.
    init?(of actions: [StepAction], _ layout: any RowLayout) {
        var keys: [RowKey] = []
        do {
            for case .insert(let request) in actions {
                for rows in request.rows {
                    keys += try layout.keys(of: rows, request.definition)
                }
            }
        } catch {
            // Who sends the rows will tell what is wrong with them.
            return nil
        }
        self.init(keys)
    }

    /// Whether no key is in both.
    ///
    /// Of keys that rise, such as those that a source makes, the bounds tell.
    func isDisjoint(with other: RequestKeys) -> Bool {
        guard let bounds, let others = other.bounds else { return true }
        if bounds.highest < others.lowest || others.highest < bounds.lowest { return true }
        return Set(keys).isDisjoint(with: other.keys)
    }
}
