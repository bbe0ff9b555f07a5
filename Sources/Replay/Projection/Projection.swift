package import Operations

/// Which operations a replay takes, and what things are called on its target.
package struct Projection: Hashable, Sendable {
    /// What a database is on the target.
    package struct Database: Hashable, Sendable {
        package let name: String
        /// Whether all of it is taken, so that altering and dropping it concerns the target too.
        package let isWhole: Bool

        package init(name: String, isWhole: Bool) {
            self.name = name
            self.isWhole = isWhole
        }
    }

    /// Empty means everything.
    package let include: [NamePattern]
    /// Wins over `include`.
    package let exclude: [NamePattern]
    /// The first that fits counts.
    package let rename: [RenameRule]
    /// Kinds that are passed over.
    package let leftOut: Set<OperationKind>

    /// Takes everything under its own name.
    package static let everything = Projection()

    private init() {
        (include, exclude, rename, leftOut) = ([], [], [], [])
    }

    /// - Throws: `ReplayError` with code `invalid` where two rules give one name, a rule can never apply, or
    ///   what is left out cannot be.
    package init(
        include: [NamePattern] = [],
        exclude: [NamePattern] = [],
        rename: [RenameRule] = [],
        leftOut: Set<OperationKind> = []
    ) throws {
        for (index, rule) in rename.enumerated() {
            for earlier in rename[..<index] {
                let isHidden =
                    earlier.from == rule.from
                    || earlier.from.collection == nil
                        && earlier.from.database == rule.from.database
                guard !isHidden else {
                    throw ReplayError(
                        .invalid,
                        "The rename \(rule) never applies: \(earlier) comes first."
                    )
                }
                guard earlier.to != rule.to else {
                    throw ReplayError(
                        .invalid,
                        "The renames \(earlier) and \(rule) give two things one name."
                    )
                }
            }
        }
        self.include = include
        self.exclude = exclude
        self.rename = rename
        self.leftOut = leftOut
        for rule in rename where !isInScope(rule) {
            throw ReplayError(
                .invalid,
                "The rename \(rule) never applies: \(rule.from) is not taken.",
                hint: "Include it, or leave the rename out."
            )
        }
        for kind in LeftOut.never.sorted(by: { $0.rawValue < $1.rawValue })
        where leftOut.contains(kind) {
            throw ReplayError(
                .invalid,
                "The operation \(kind.name) cannot be left out.",
                hint: "What comes after it would be applied to something else, or not be missed."
            )
        }
    }

    /// Whether anything that a rule is about is taken.
    private func isInScope(_ rule: RenameRule) -> Bool {
        guard let collection = rule.from.collection else {
            return
                (include.isEmpty || include.contains { $0.touches(database: rule.from.database) })
                && !exclude.contains { $0.covers(database: rule.from.database) }
        }
        let name = CollectionName(database: rule.from.database, collection: collection)
        return isTaken(name)
    }

    private func isTaken(_ name: CollectionName) -> Bool {
        (include.isEmpty || include.contains { $0.matches(name) })
            && !exclude.contains { $0.matches(name) }
    }

    /// What a collection is called on the target; nil if it is not taken.
    package func target(of name: CollectionName) -> CollectionName? {
        guard isTaken(name) else { return nil }
        for rule in rename {
            if let renamed = rule.apply(to: name) { return renamed }
        }
        return name
    }

    /// What a database is called on the target; nil if nothing of it is taken.
    package func target(ofDatabase name: String) -> Database? {
        guard include.isEmpty || include.contains(where: { $0.touches(database: name) }),
            !exclude.contains(where: { $0.covers(database: name) })
        else { return nil }
        let isWhole = include.isEmpty || include.contains { $0.covers(database: name) }
        for rule in rename {
            if let renamed = rule.apply(toDatabase: name) {
                return Database(name: renamed, isWhole: isWhole)
            }
        }
        return Database(name: name, isWhole: isWhole)
    }
}
