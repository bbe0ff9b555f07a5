internal import Catalog
internal import Operations

/// An entry that a target refuses and that its task went past, as JSON.
package struct DeadLetterDocument: Codable, Hashable, Sendable {
    /// What is to become of it.
    package enum State: String, Codable, CaseIterable, Hashable, Sendable {
        /// It waits for a person.
        case refused
        /// It is to be tried again.
        case retrying
    }

    enum CodingKeys: String, CodingKey {
        case sequence, lane, op, rows, error, state, attempts
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }

    /// The entry's number in the journal.
    package var sequence: UInt64
    package var lane: String
    /// The operation's name, such as `insert`.
    package var op: String
    package var rows: Int
    /// What the target said, as a sentence.
    package var error: String
    package var state: State
    /// How often the target refused it.
    package var attempts: Int
    /// Milliseconds since 1970.
    package var createdAt: Int64
    /// Milliseconds since 1970.
    package var updatedAt: Int64

    init(_ letter: TaskDeadLetter) {
        sequence = letter.id.sequence.rawValue
        lane = letter.id.lane
        op = letter.kind
        rows = letter.rowCount
        error = letter.reason
        state = letter.isWanted ? .retrying : .refused
        attempts = letter.attempts
        createdAt = letter.createdAt
        updatedAt = letter.updatedAt
    }
}

/// A task's dead letters as JSON: `{"dead_letters": [...], "total": 3}`.
package struct DeadLetterList: Codable, Hashable, Sendable {
    enum CodingKeys: String, CodingKey {
        case deadLetters = "dead_letters"
        case total
        case nextPageToken = "next_page_token"
    }

    package var deadLetters: [DeadLetterDocument]
    /// How many there are, those of other pages included.
    package var total: Int
    /// Where the next page begins; nil on the last one.
    package var nextPageToken: String?

    package init(deadLetters: [DeadLetterDocument], total: Int, nextPageToken: String? = nil) {
        self.deadLetters = deadLetters
        self.total = total
        self.nextPageToken = nextPageToken
    }
}

/// How many dead letters a request was about, as JSON.
package struct DeadLetterCount: Codable, Hashable, Sendable {
    package var count: Int

    package init(count: Int) { self.count = count }
}

/// Which dead letters to try again, as JSON; may be left out.
package struct DeadLetterRequest: Codable, Hashable, Sendable {
    /// The numbers of their entries; nil for all.
    package var sequences: [UInt64]?

    package init(sequences: [UInt64]?) { self.sequences = sequences }
}

extension DeadLetterRequest: RequestDocument {
    static let keys: Set = ["sequences"]
}
