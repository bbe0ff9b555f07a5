internal import GRDB

extension CatalogError {
    /// Runs SQLite work and says what its failures mean.
    static func explaining<Value>(
        _ what: String,
        _ work: () throws -> Value
    ) throws -> Value {
        do {
            return try work()
        } catch let error as DatabaseError {
            throw CatalogError(error, what)
        }
    }

    /// Runs SQLite work and says what its failures mean.
    static func explaining<Value: Sendable>(
        _ what: String,
        _ work: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await work()
        } catch let error as DatabaseError {
            throw CatalogError(error, what)
        }
    }

    private init(_ error: DatabaseError, _ what: String) {
        let code: Code =
            switch error.resultCode {
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: .corrupt
            case .SQLITE_CONSTRAINT: .refused
            case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
            default: .io
            }
        let said = error.message ?? "\(error.resultCode)"
        self.init(code, "\(what): SQLite says “\(said)”.", cause: error)
    }
}
