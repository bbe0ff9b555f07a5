import Catalog
import FoundationEssentials
import Testing

struct MigrationTests {
    private var folder: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("migrations")
    }

    @Test func `what is embedded equals the files, contiguous from 1`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".sql") }.sorted()
        #expect(files.count == Migration.embedded.count)
        for (index, migration) in Migration.embedded.enumerated() {
            #expect(migration.number == index + 1)
            let digits = String(migration.number)
            let number = String(repeating: "0", count: 4 - digits.count) + digits
            let name = "\(number)_\(migration.name).sql"
            #expect(files[index] == name, "run tools/embed-migrations")
            let sql = try String(
                contentsOf: folder.appendingPathComponent(name),
                encoding: .utf8
            )
            #expect(migration.sql == sql, "run tools/embed-migrations")
        }
    }

    @Test func `opening again applies nothing again`() async throws {
        try await withCatalog { catalog, _, path in
            try await catalog.create(ReplicationTask(id: TaskID("t"), source: "s", target: "u"))
            let again = try Catalog.open(at: path)
            #expect(try await again.tasks().count == 1)
            try again.close()
        }
    }

    @Test func `a later version brings an earlier catalog up to date`() async throws {
        try await withFolder { folder in
            let path = "\(folder)/catalog.sqlite"
            // The schema of the first version, with a task that it wrote.
            let first = Migration(
                number: 1,
                name: Migration.embedded[0].name,
                sql: Migration.embedded[0].sql + """
                    INSERT INTO tasks (id, source, target, start, wanted_state, created_at, updated_at)
                    VALUES ('t', 's', 'u', 'earliest', 'running', 1, 1);
                    """
            )
            try Catalog.open(at: path, migrations: [first]).close()
            let all = try Catalog.open(at: path)
            let task = try await all.task(TaskID("t"))
            #expect(task?.source == "s")
            #expect(task?.onError == .park)
            #expect(try await all.checkpoint(of: TaskID("t")) == nil)
            try all.close()
        }
    }

    @Test func `a newer catalog is refused with a sentence that says so`() async throws {
        try await withCatalog { _, _, path in
            #expect {
                try Catalog.open(at: path, migrations: [Migration.embedded[0]])
            } throws: { error in
                isCatalogError(error, .newer)
                    && "\(error)".contains("version \(Migration.embedded.count)")
            }
        }
    }

    @Test func `a catalog with another past is refused`() async throws {
        try await withCatalog { _, _, path in
            var others = Migration.embedded
            others[0] = Migration(number: 1, name: "create_otherwise", sql: others[0].sql)
            #expect {
                try Catalog.open(at: path, migrations: others)
            } throws: { error in
                isCatalogError(error, .corrupt)
            }
        }
    }

    @Test func `a migration that fails leaves nothing behind`() async throws {
        try await withFolder { folder in
            let path = "\(folder)/catalog.sqlite"
            let broken = Migration(
                number: 2,
                name: "create_halves",
                sql: "CREATE TABLE half (id INTEGER) STRICT; CREATE TABLE nonsense (;"
            )
            #expect(throws: CatalogError.self) {
                try Catalog.open(at: path, migrations: [Migration.embedded[0], broken])
            }
            let whole = Migration(
                number: 2,
                name: "create_halves",
                sql: "CREATE TABLE half (id INTEGER) STRICT;"
            )
            try Catalog.open(at: path, migrations: [Migration.embedded[0], whole]).close()
        }
    }

    @Test func `what is no database is refused, not overwritten`() async throws {
        try await withFolder { folder in
            let path = "\(folder)/catalog.sqlite"
            let text = String(repeating: "this is no database\n", count: 100)
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            #expect {
                try Catalog.open(at: path)
            } throws: { error in
                isCatalogError(error, .corrupt)
            }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
        }
    }

    @Test func `a catalog in a folder that is not there says so`() {
        #expect {
            try Catalog.open(at: "/nonexistent/folder/catalog.sqlite")
        } throws: { error in
            isCatalogError(error, .io)
        }
    }
}
