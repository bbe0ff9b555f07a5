import Catalog
import FoundationEssentials
import Operations
import Testing

/// Catalogs that earlier versions wrote, as files: what a version has written, every later one opens.
struct EarlierCatalogTests {
    private var folder: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/catalogs")
    }

    @Test(arguments: ["version-3.sqlite"])
    func `a catalog of an earlier version opens with all that it holds`(name: String) async throws {
        try await withFolder { copy in
            let path = "\(copy)/catalog.sqlite"
            try Data(contentsOf: folder.appendingPathComponent(name))
                .write(to: URL(fileURLWithPath: path))
            let catalog = try Catalog.open(at: path)
            let tasks = try await catalog.tasks()
            #expect(tasks.map(\.id.rawValue) == ["orders", "paused"])
            #expect(tasks.map(\.wantedState) == [.running, .paused])
            #expect(tasks.map(\.revision) == [1, 1])
            let checkpoint = try #require(try await catalog.checkpoint(of: TaskID("orders")))
            #expect(checkpoint.sequence.rawValue == 900)
            #expect(checkpoint.parked.map(\.lane) == ["shop.orders"])
            let events = try await catalog.events()
            #expect(events.map(\.kind) == ["task.paused", "task.created"])
            #expect(try await catalog.tokens().isEmpty)
            #expect(try await catalog.operations().isEmpty)
            try catalog.close()
        }
    }
}
