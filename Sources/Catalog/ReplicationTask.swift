/// The name of a task: 1 to 128 letters, digits, `-`, `_` or `.`, the first a letter or digit.
package struct TaskID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: String

    /// - Throws: `CatalogError` with code `refused`.
    package init(_ text: String) throws {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard isPlain, (1...128).contains(text.utf8.count), let first = text.first,
            first.isLetter || first.isNumber
        else {
            throw CatalogError(
                .refused,
                "“\(text)” is no task id: 1 to 128 letters, digits, - _ or . are, beginning with a "
                    + "letter or digit."
            )
        }
        rawValue = text
    }

    /// One that the catalog holds, and so has been looked at before.
    init(stored text: String) { rawValue = text }

    package var description: String { rawValue }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// One state of a task; no other task, and no other state of this one, has the same.
package struct TaskVersion: Hashable, Sendable {
    /// When the task was created, in milliseconds since 1970.
    package let createdAt: Int64
    package let revision: Int64

    package init(createdAt: Int64, revision: Int64) {
        self.createdAt = createdAt
        self.revision = revision
    }
}

/// One replication: what of a source goes where, and whether it is to run.
package struct ReplicationTask: Hashable, Sendable {
    /// What a person wants of a task; it stays so until a person changes it.
    package enum WantedState: String, Hashable, Sendable { case running, paused }

    /// What becomes of an entry that the target refuses for good.
    package enum OnError: String, Hashable, Sendable {
        /// Its lane waits for a person.
        case park
        /// It is listed, and the lane goes on.
        case deadLetter = "dead-letter"
    }

    package let id: TaskID
    /// The source's name in the configuration.
    package let source: String
    /// A URI, or the name of a target in the configuration.
    package var target: String
    /// How the target is reached, beside its address; secrets by reference.
    package var targetOptions: [String: String]
    /// Patterns, as the user wrote them; empty means everything.
    package var include: [String]
    /// Patterns, as the user wrote them.
    package var exclude: [String]
    /// Rules, as the user wrote them, in order.
    package var rename: [String]
    /// Names of operations that are not replicated.
    package var leftOut: [String]
    /// Where in the journal it begins: `earliest`, `latest`, `tso:N` or `point:NAME`.
    package let start: String
    package var onError: OnError
    package var wantedState: WantedState
    /// Counts the changes to it, from 1; set by the catalog.
    package internal(set) var revision: Int64 = 1
    /// Milliseconds since 1970; set by the catalog.
    package internal(set) var createdAt: Int64
    /// Milliseconds since 1970; set by the catalog.
    package internal(set) var updatedAt: Int64

    package init(
        id: TaskID,
        source: String,
        target: String,
        targetOptions: [String: String] = [:],
        include: [String] = [],
        exclude: [String] = [],
        rename: [String] = [],
        leftOut: [String] = [],
        start: String = "earliest",
        onError: OnError = .park,
        wantedState: WantedState = .running
    ) {
        self.id = id
        self.source = source
        self.target = target
        self.targetOptions = targetOptions
        self.include = include
        self.exclude = exclude
        self.rename = rename
        self.leftOut = leftOut
        self.start = start
        self.onError = onError
        self.wantedState = wantedState
        createdAt = 0
        updatedAt = 0
    }

    /// Which state of which task this is.
    package var version: TaskVersion { TaskVersion(createdAt: createdAt, revision: revision) }
}
