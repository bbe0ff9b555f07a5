internal import FoundationEssentials
internal import GRDB

extension Catalog {
    /// How much later than its last noted use a token's use is noted again, in milliseconds.
    ///
    /// A write for each request would cost more than the request.
    static let useNotedAfterMilliseconds: Int64 = 60_000

    /// Adds a token and returns it with its time.
    ///
    /// - Throws: `CatalogError`: `exists` where there is one of that name, `refused` for values that are no
    ///   token's.
    @discardableResult
    package func create(_ token: AccessToken) async throws -> AccessToken {
        let now = now()
        var token = token
        token.createdAt = now
        let added = token
        return try await CatalogError.explaining("The token \(token.name) cannot be created") {
            try await pool.write { database in
                let isTaken = try Bool.fetchOne(
                    database,
                    sql: "SELECT EXISTS (SELECT 1 FROM tokens WHERE name = ?)",
                    arguments: [added.name]
                )
                guard isTaken == false else {
                    throw CatalogError(.exists, "There is a token \(added.name) already.")
                }
                try database.execute(
                    sql: """
                        INSERT INTO tokens (id, name, role, digest, created_at, expires_at)
                        VALUES (?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        added.id, added.name, added.role, Data(added.digest), now, added.expiresAt,
                    ]
                )
                return added
            }
        }
    }

    /// Every token, by name.
    package func tokens() async throws -> [AccessToken] {
        try await CatalogError.explaining("The tokens cannot be listed") {
            try await pool.read { database in
                try Row.fetchAll(database, sql: "SELECT * FROM tokens ORDER BY name")
                    .map(AccessToken.init)
            }
        }
    }

    /// The token of an id, if there is one, and whether there is any at all.
    package func token(_ id: String?) async throws -> (token: AccessToken?, isAnyThere: Bool) {
        try await CatalogError.explaining("The tokens cannot be read") {
            try await pool.read { database in
                let row = try Row.fetchOne(
                    database,
                    sql: "SELECT * FROM tokens WHERE id = ?",
                    arguments: [id]
                )
                if let row { return (AccessToken(row), true) }
                let isAnyThere = try Bool.fetchOne(
                    database,
                    sql: "SELECT EXISTS (SELECT 1 FROM tokens)"
                )
                return (nil, isAnyThere ?? false)
            }
        }
    }

    /// Notes that a token was used now, unless that was noted a moment ago.
    package func noteUse(of token: AccessToken) async throws {
        let now = now()
        guard now - (token.lastUsedAt ?? 0) >= Self.useNotedAfterMilliseconds else { return }
        try await CatalogError.explaining("The use of a token cannot be noted") {
            try await pool.write { database in
                try database.execute(
                    sql: "UPDATE tokens SET last_used_at = ? WHERE id = ?",
                    arguments: [now, token.id]
                )
            }
        }
    }

    /// Removes the token of a name.
    ///
    /// - Throws: `CatalogError` with code `notFound`.
    package func deleteToken(named name: String) async throws {
        try await CatalogError.explaining("The token \(name) cannot be deleted") {
            try await pool.write { database in
                try database.execute(sql: "DELETE FROM tokens WHERE name = ?", arguments: [name])
                guard database.changesCount > 0 else {
                    throw CatalogError(.notFound, "There is no token \(name).")
                }
            }
        }
    }
}

extension AccessToken {
    fileprivate init(_ row: Row) {
        let digest: Data = row["digest"]
        self.init(
            id: row["id"],
            name: row["name"],
            role: row["role"],
            digest: Array(digest),
            expiresAt: row["expires_at"]
        )
        (createdAt, lastUsedAt) = (row["created_at"], row["last_used_at"])
    }
}
