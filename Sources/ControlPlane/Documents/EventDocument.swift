internal import Catalog

/// Something that happened, as JSON.
package struct EventDocument: Codable, Hashable, Sendable {
    /// Grows with each event.
    package var id: Int64
    /// Milliseconds since 1970.
    package var at: Int64
    /// What kind of event, such as `task.created`.
    package var kind: String
    package var source: String?
    package var task: String?
    /// One sentence.
    package var message: String

    init(_ event: CatalogEvent) {
        id = event.id
        at = event.at
        kind = event.kind
        source = event.source
        task = event.task?.rawValue
        message = event.message
    }
}

/// Events as JSON, newest first: `{"events": [...]}`.
package struct EventList: Codable, Hashable, Sendable {
    enum CodingKeys: String, CodingKey {
        case events
        case nextPageToken = "next_page_token"
    }

    package var events: [EventDocument]
    /// Where the next page begins; nil on the last one.
    package var nextPageToken: String?
}
