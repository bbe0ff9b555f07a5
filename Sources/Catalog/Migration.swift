internal import GRDB

/// One step of the catalog's schema: a file of `migrations/`.
package struct Migration: Hashable, Sendable {
    /// From 1, without holes.
    package let number: Int
    /// What it does, such as `create_tasks`.
    package let name: String
    package let sql: String

    package init(number: Int, name: String, sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }
}

extension Migration {
    /// Applies what is missing, each in a transaction of its own, and records it.
    ///
    /// - Throws: `CatalogError` with code `newer` where the catalog is ahead of `migrations`, `corrupt`
    ///   where it has a past that they do not tell.
    static func apply(
        _ migrations: [Migration],
        in database: Database,
        now: () -> Int64
    ) throws {
        try database.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS migrations (
                    number     INTEGER NOT NULL PRIMARY KEY CHECK (number > 0),
                    name       TEXT    NOT NULL CHECK (name <> ''),
                    applied_at INTEGER NOT NULL CHECK (applied_at >= 0)
                ) STRICT
                """
        )
        let applied = try Row.fetchAll(
            database,
            sql: "SELECT number, name FROM migrations ORDER BY number"
        )
        if let last = applied.last?["number"] as Int?, last > migrations.count {
            throw CatalogError(
                .newer,
                "A newer Flightlog wrote this catalog: it is at version \(last), and this one knows "
                    + "versions up to \(migrations.count)."
            )
        }
        for (row, migration) in zip(applied, migrations) {
            let (number, name): (Int, String) = (row["number"], row["name"])
            guard number == migration.number, name == migration.name else {
                throw CatalogError(
                    .corrupt,
                    "The catalog records migration \(number) as “\(name)”, where "
                        + "“\(migration.name)” was expected."
                )
            }
        }
        for migration in migrations.dropFirst(applied.count) {
            try database.inTransaction(.immediate) {
                try database.execute(sql: migration.sql)
                try database.execute(
                    sql: "INSERT INTO migrations (number, name, applied_at) VALUES (?, ?, ?)",
                    arguments: [migration.number, migration.name, now()]
                )
                return .commit
            }
        }
    }
}
