package import Operations

extension InMemoryTarget {
    package func change(_ access: AccessChange, isInDoubt: Bool) async throws -> NoticeChange? {
        try await take(InMemoryCall(.rbac, "\(access)", isInDoubt: isInDoubt)) {
            contents throws(TargetFailure) in
            let isThere = contents.access.holds(access)
            contents.access.makeRoom(for: access)
            contents.access.apply(access)
            return switch access {
            case .createUser(let user) where !isThere || isInDoubt:
                NoticeChange(
                    adding: Notice(
                        subject: user.name,
                        text: "\(user.name) has a password that nobody knows."
                    )
                )
            case .dropUser(let name): NoticeChange(clearing: [name])
            default: nil
            }
        }
    }
}

extension AccessDefinitions {
    fileprivate func holds(_ change: AccessChange) -> Bool {
        if case .createUser(let user) = change { users[user.name] != nil } else { false }
    }

    /// Makes the role that a grant is for, and the role that a user gets.
    fileprivate mutating func makeRoom(for change: AccessChange) {
        switch change {
        case .grant(let grant): apply(.createRole(grant.role))
        case .bind(let binding): apply(.createRole(binding.role))
        default: break
        }
    }
}
