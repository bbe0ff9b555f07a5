internal import Catalog
internal import HTTPTypes
internal import Hummingbird
internal import Synchronization

/// Sends events as they are noted, to whoever keeps the connection open.
///
/// Each has its id, so that a follower that was cut off says `Last-Event-ID` and misses nothing that the catalog
/// still keeps.
struct EventFollowing: Sendable {
    static let mediaType = "text/event-stream"
    /// The header that names the last event a follower has seen.
    static let lastID = HTTPField.Name("Last-Event-ID")

    let catalog: Catalog
    let heartbeat: Duration
    private let seats = FollowerSeats()

    init(catalog: Catalog, heartbeat: Duration) {
        self.catalog = catalog
        self.heartbeat = heartbeat
    }

    /// An answer that ends when the follower goes or the server stops.
    ///
    /// - Parameters:
    ///   - last: The event that the follower has seen; nil begins with what comes next.
    ///   - task: Only events of this task; nil means all.
    /// - Returns: The answer.
    /// - Throws: `Problem` with code `invalid` or `too_many_requests`.
    func answer(after last: Int64?, task: String?) async throws -> Response {
        let task = try task.map { try TaskID($0) }
        let newest = last == nil ? try await catalog.events(limit: 1).first?.id : nil
        guard let seat = seats.take() else {
            throw Problem(.tooManyRequests, "\(FollowerSeats.count) follow already.")
        }
        let feed = EventFeed(
            catalog: catalog,
            after: last ?? newest ?? 0,
            task: task,
            heartbeat: heartbeat,
            seat: seat
        )
        return Response(
            status: .ok,
            headers: [.contentType: Self.mediaType, .cacheControl: "no-store"],
            body: ResponseBody(
                asyncSequence: AsyncThrowingStream {
                    try await feed.next().map { ByteBuffer(string: $0) }
                }
            )
        )
    }
}

/// How many may follow at once; each holds a connection.
final class FollowerSeats: Sendable {
    static let count = 64

    private let taken = Mutex(0)

    /// A seat that is given back when nobody holds it any more; nil where all are taken.
    func take() -> Seat? {
        let isFree = taken.withLock { taken in
            guard taken < Self.count else { return false }
            taken += 1
            return true
        }
        return isFree ? Seat(seats: self) : nil
    }

    final class Seat: Sendable {
        private let seats: FollowerSeats

        fileprivate init(seats: FollowerSeats) { self.seats = seats }

        deinit { seats.taken.withLock { $0 -= 1 } }
    }
}
