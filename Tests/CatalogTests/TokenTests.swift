import Catalog
import Testing

struct TokenTests {
    private func token(_ name: String, digest: UInt8 = 7, role: String = "viewer") -> AccessToken {
        AccessToken(
            id: "id-\(name)",
            name: name,
            role: role,
            digest: Array(repeating: digest, count: 32),
            expiresAt: nil
        )
    }

    @Test func `a token is read as it was written, by the part that is no secret`() async throws {
        try await withCatalog { catalog, clock, _ in
            #expect(try await catalog.token("id-a").isAnyThere == false)
            clock.time = 77
            let made = try await catalog.create(token("a"))
            #expect(made.createdAt == 77)
            let found = try await catalog.token("id-a")
            #expect(found.token == made)
            let other = try await catalog.token("id-b")
            #expect(other.token == nil)
            #expect(other.isAnyThere)
        }
    }

    @Test func `a name is given once, and again after it was deleted`() async throws {
        try await withCatalog { catalog, _, _ in
            try await catalog.create(token("a"))
            await #expect {
                try await catalog.create(token("a"))
            } throws: { error in
                isCatalogError(error, .exists)
            }
            try await catalog.deleteToken(named: "a")
            await #expect {
                try await catalog.deleteToken(named: "a")
            } throws: { error in
                isCatalogError(error, .notFound)
            }
            try await catalog.create(token("a", digest: 8))
            #expect(try await catalog.tokens().map(\.name) == ["a"])
        }
    }

    @Test func `what is no role, and what is no digest, is refused`() async throws {
        try await withCatalog { catalog, _, _ in
            let short = AccessToken(id: "i", name: "n", role: "admin", digest: [1], expiresAt: nil)
            for token in [token("a", role: "root"), short] {
                await #expect {
                    try await catalog.create(token)
                } throws: { error in
                    isCatalogError(error, .refused)
                }
            }
        }
    }

    @Test func `a use is noted, and again only after a minute`() async throws {
        try await withCatalog { catalog, clock, _ in
            try await catalog.create(token("a"))
            func use(at time: Int64) async throws -> Int64? {
                clock.time = time
                let known = try await catalog.token("id-a").token
                if let known { try await catalog.noteUse(of: known) }
                return try await catalog.token("id-a").token?.lastUsedAt
            }
            #expect(try await use(at: 100_000) == 100_000)
            #expect(try await use(at: 159_999) == 100_000)
            #expect(try await use(at: 160_000) == 160_000)
        }
    }
}
