internal import FoundationEssentials
internal import GRDB

/// What Flightlog remembers beside its journals: tasks, their checkpoints, events.
///
/// It is one SQLite file.
/// Whoever calls a method that changes something returns once the change would survive a crash.
package final class Catalog: Sendable {
    /// How long a call waits for another process that holds the file locked.
    package static let busyTimeoutSeconds = 5.0

    let pool: DatabasePool
    /// Milliseconds since 1970 in UTC.
    let now: @Sendable () -> Int64
    let bell = EventBell()

    private init(pool: DatabasePool, now: @escaping @Sendable () -> Int64) {
        self.pool = pool
        self.now = now
    }

    /// Opens the catalog in a file, or makes one, and brings its schema up to date.
    ///
    /// Blocks.
    /// - Throws: `CatalogError`: `newer`, `corrupt`, `busy`, `io`.
    package static func open(
        at path: String,
        migrations: [Migration] = Migration.embedded,
        now: @escaping @Sendable () -> Int64 = { Catalog.wallClock() }
    ) throws -> Catalog {
        try CatalogError.explaining("The catalog \(path) cannot be opened") {
            var configuration = Configuration()
            configuration.foreignKeysEnabled = true
            configuration.busyMode = .timeout(busyTimeoutSeconds)
            configuration.label = "catalog"
            let pool = try DatabasePool(path: path, configuration: configuration)
            try pool.writeWithoutTransaction { database in
                try makeDurable(database)
                try Migration.apply(migrations, in: database, now: now)
            }
            return Catalog(pool: pool, now: now)
        }
    }

    /// Begins a change and takes it back.
    ///
    /// - Throws: `CatalogError` where the catalog cannot be changed now.
    package func expectWritable() async throws {
        try await CatalogError.explaining("The catalog cannot be written") {
            try await pool.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    try database.execute(
                        sql: "UPDATE migrations SET applied_at = applied_at WHERE number = 1"
                    )
                    return .rollback
                }
            }
        }
    }

    /// Closes the file.
    ///
    /// No method may be called afterwards.
    package func close() throws {
        try CatalogError.explaining("The catalog cannot be closed") { try pool.close() }
    }

    /// Milliseconds since 1970 in UTC, as the machine has it.
    package static func wallClock() -> Int64 {
        Int64(Date().timeIntervalSince1970 * 1_000)
    }

    // Why after opening: GRDB sets NORMAL when it turns a pool's file to WAL, which is later than
    // `prepareDatabase`. Why read back: with NORMAL a power cut takes back what was acknowledged.
    private static func makeDurable(_ database: Database) throws {
        try database.execute(sql: "PRAGMA synchronous = FULL")
        let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode")
        let synchronous = try Int.fetchOne(database, sql: "PRAGMA synchronous")
        let foreignKeys = try Bool.fetchOne(database, sql: "PRAGMA foreign_keys")
        guard mode == "wal", synchronous == 2, foreignKeys == true else {
            throw CatalogError(
                .io,
                "SQLite does not keep the catalog as it was told: journal mode \(mode ?? "none"), "
                    + "synchronous \(synchronous ?? -1), foreign keys \(foreignKeys ?? false)."
            )
        }
    }
}
