internal import Catalog

/// Long work that somebody asked for, as JSON.
package struct OperationDocument: Codable, Hashable, Sendable {
    /// Where it stands.
    package enum State: String, Codable, Hashable, Sendable, CaseIterable {
        case running, done, failed, cancelled
    }

    package var id: String
    /// What it does: `restore`.
    package var kind: String
    package var state: State
    /// How much of the way is done, from 0 to 1; null where that cannot be told.
    package var progress: Double?
    /// The path of what it works on, which tells more.
    package var resource: String
    /// Milliseconds since 1970.
    package var created: Int64
    /// Milliseconds since 1970.
    package var updated: Int64
    /// Milliseconds since 1970; null while it runs.
    package var finished: Int64?
    /// Why it failed, as a sentence.
    package var error: String?

    init(_ operation: LongOperation, progress: Double?) {
        id = operation.id.rawValue
        kind = operation.kind
        state = State(operation.state)
        self.progress = progress
        resource = "/v1/\(operation.kind)s/\(operation.id)"
        created = operation.createdAt
        updated = operation.updatedAt
        finished = operation.finishedAt
        error = operation.error
    }

    enum CodingKeys: String, CodingKey {
        case id, kind, state, progress, resource, created, updated, finished, error
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(kind, forKey: .kind)
        try container.encode(state, forKey: .state)
        // These are there even when they say nothing, so that a reader need not guess.
        try container.encode(progress, forKey: .progress)
        try container.encode(resource, forKey: .resource)
        try container.encode(created, forKey: .created)
        try container.encode(updated, forKey: .updated)
        try container.encode(finished, forKey: .finished)
        try container.encode(error, forKey: .error)
    }
}

extension OperationDocument.State {
    init(_ state: LongOperation.State) {
        self =
            switch state {
            case .running: .running
            case .done: .done
            case .failed: .failed
            case .cancelled: .cancelled
            }
    }
}

/// Operations as JSON, oldest first.
package struct OperationList: Codable, Hashable, Sendable {
    enum CodingKeys: String, CodingKey {
        case operations
        case nextPageToken = "next_page_token"
    }

    package var operations: [OperationDocument]
    package var nextPageToken: String?
}
