-- What a caller of the HTTP interface shows. Only the digest of it is kept.
CREATE TABLE tokens (
    -- The part of the token that is no secret.
    id           TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    name         TEXT    NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 128),
    role         TEXT    NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    -- SHA-256 of the whole token.
    digest       BLOB    NOT NULL CHECK (length(digest) = 32),
    created_at   INTEGER NOT NULL CHECK (created_at >= 0),
    -- From then on it is worth nothing; never where it is null.
    expires_at   INTEGER CHECK (expires_at >= 0),
    last_used_at INTEGER CHECK (last_used_at >= 0)
) STRICT, WITHOUT ROWID;
