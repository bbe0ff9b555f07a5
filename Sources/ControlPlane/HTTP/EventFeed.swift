internal import Catalog
internal import ServiceLifecycle

/// What one follower is sent next, when it is ready for it.
actor EventFeed {
    /// How many events are sent at a time.
    private static let batchCount = 100

    private enum Wake { case noted, beat, over }

    private let catalog: Catalog
    private let task: TaskID?
    private let heartbeat: Duration
    private let seat: FollowerSeats.Seat
    private var last: Int64
    private var hasBegun = false

    init(
        catalog: Catalog,
        after id: Int64,
        task: TaskID?,
        heartbeat: Duration,
        seat: FollowerSeats.Seat
    ) {
        self.catalog = catalog
        self.task = task
        self.heartbeat = heartbeat
        self.seat = seat
        last = id
    }

    /// Events, or a sign of life; nil once the server stops.
    func next() async throws -> String? {
        guard hasBegun else {
            hasBegun = true
            // With an id, so that who is cut off before the first event knows where to go on.
            return "id: \(last)\nretry: 1000\n\n"
        }
        // Listened to before the catalog is asked, so that nothing falls between.
        let rings = catalog.eventRings()
        while true {
            let events = try await catalog.events(after: last, of: task, limit: Self.batchCount)
            if let newest = events.last {
                last = newest.id
                return try events.map(Self.text).joined()
            }
            switch await Self.wake(rings, heartbeat) {
            case .noted: continue
            case .beat: return ":\n\n"
            case .over: return nil
            }
        }
    }

    private static func wake(_ rings: AsyncStream<Void>, _ heartbeat: Duration) async -> Wake {
        await withTaskGroup(of: Wake.self) { group in
            group.addTask {
                for await _ in rings { return .noted }
                return .over
            }
            group.addTask {
                do { try await Task.sleep(for: heartbeat) } catch { return .over }
                return .beat
            }
            group.addTask {
                // Throws only when another one has woken, or the connection is gone.
                do { try await gracefulShutdown() } catch { return .over }
                return .over
            }
            defer { group.cancelAll() }
            return await group.next() ?? .over
        }
    }

    private static func text(_ event: CatalogEvent) throws -> String {
        let json = String(decoding: try JSONBytes.of(EventDocument(event)), as: UTF8.self)
        return "id: \(event.id)\nevent: \(event.kind)\ndata: \(json)\n\n"
    }
}
