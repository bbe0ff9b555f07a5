/// What a caller of the HTTP interface shows, as the catalog keeps it: not the token, but its digest.
package struct AccessToken: Hashable, Sendable {
    /// The part of the token that is no secret.
    package let id: String
    /// What people call it.
    package let name: String
    /// `viewer`, `operator` or `admin`.
    package let role: String
    /// SHA-256 of the whole token.
    package let digest: [UInt8]
    /// From then on it is worth nothing, in milliseconds since 1970; never where it is nil.
    package let expiresAt: Int64?
    /// Milliseconds since 1970; set by the catalog.
    package internal(set) var createdAt: Int64 = 0
    /// Milliseconds since 1970, to about a minute; nil where it was never used.
    package internal(set) var lastUsedAt: Int64?

    package init(id: String, name: String, role: String, digest: [UInt8], expiresAt: Int64?) {
        self.id = id
        self.name = name
        self.role = role
        self.digest = digest
        self.expiresAt = expiresAt
    }
}
