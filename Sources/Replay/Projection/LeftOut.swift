package import Operations

/// The names of operations that a replay is told to leave out.
package enum LeftOut {
    /// A rename that is left out would have rows go to a name that is not there; a gap is never hidden.
    static let never: Set<OperationKind> = [.renameCollection, .gap]

    /// The kinds of these names, as `journal cat` shows them; a name may stand for several.
    ///
    /// - Throws: `ReplayError` with code `invalid` for a name that no operation has.
    package static func kinds(named names: [String]) throws -> Set<OperationKind> {
        var kinds: Set<OperationKind> = []
        for name in names {
            let found = OperationKind.allCases.filter { $0.name == name }
            guard !found.isEmpty else {
                let known = OperationKind.allCases.filter { !never.contains($0) }.map(\.name)
                throw ReplayError(
                    .invalid,
                    "There is no operation “\(name)”.",
                    hint: "There is \(Set(known).sorted().joined(separator: ", "))."
                )
            }
            kinds.formUnion(found)
        }
        return kinds
    }
}
