import Catalog
import Testing

@testable import ControlPlane

@Suite(.timeLimit(.minutes(5)))
struct EventFeedTests {
    private func withFeed(
        after id: Int64,
        task: String? = nil,
        heartbeat: Duration = .seconds(3600),
        _ body: (EventFeed, Catalog) async throws -> Void
    ) async throws {
        try await withDirectory { directory in
            let catalog = try Catalog.open(at: directory + "/catalog.sqlite")
            for number in 1...3 {
                let event = CatalogEvent(
                    kind: "kind.\(number)",
                    task: try TaskID("t\(number)"),
                    message: "m"
                )
                try await catalog.note(event)
            }
            let seat = try required(FollowerSeats().take())
            let feed = EventFeed(
                catalog: catalog,
                after: id,
                task: try task.map { try TaskID($0) },
                heartbeat: heartbeat,
                seat: seat
            )
            #expect(try await feed.next() == "id: \(id)\nretry: 1000\n\n")
            try await body(feed, catalog)
            try catalog.close()
        }
    }

    @Test func `a follower gets what it missed, and then what comes`() async throws {
        try await withFeed(after: 1) { feed, catalog in
            let missed = try await feed.next()
            let lines = missed?.split(separator: "\n").map(String.init) ?? []
            #expect(lines.count == 6)
            #expect(lines.first == "id: 2")
            #expect(lines[1] == "event: kind.2")
            #expect(lines[2].hasPrefix(#"data: {"at":"#))
            #expect(lines[3] == "id: 3")
            async let next = feed.next()
            try await catalog.note(CatalogEvent(kind: "kind.4", message: "m"))
            #expect(try await next?.hasPrefix("id: 4\nevent: kind.4\n") == true)
        }
    }

    @Test func `a follower of one task hears of no other, but that the server lives`() async throws
    {
        try await withFeed(after: 0, task: "t2", heartbeat: .milliseconds(1)) { feed, catalog in
            #expect(try await feed.next()?.hasPrefix("id: 2\n") == true)
            try await catalog.note(CatalogEvent(kind: "k", task: try TaskID("t1"), message: "m"))
            #expect(try await feed.next() == ":\n\n")
        }
    }

    @Test func `seats are limited, and given back`() throws {
        let seats = FollowerSeats()
        var taken = (0..<FollowerSeats.count).map { _ in seats.take() }
        #expect(taken.allSatisfy { $0 != nil })
        let isFull = seats.take() == nil
        #expect(isFull)
        taken.removeLast()
        let isFree = seats.take() != nil
        #expect(isFree)
    }
}
