import Catalog
import Operations
import Replay

@testable import ControlPlane

/// One of every document that the server writes, with nothing left out.
enum Samples {
    static let mark = MarkDocument(SequenceNumber(rawValue: 7), HybridTimestamp(rawValue: 70))
    static let lane = TaskDocument.ParkedLane(
        lane: "a.b",
        sequence: 8,
        error: "Refused.",
        waitsFor: "Drop it."
    )

    static func answers() throws -> [(String, any Encodable)] {
        [
            ("Mark", mark), ("Channel", channel), ("SourceGap", sourceGap),
            ("Discarded", reading.discarded), ("Source", source),
            ("SourceList", SourceList(sources: [source], nextPageToken: "t")),
            ("ParkedLane", lane), ("InDoubt", doubt), ("Task", task),
            ("TaskList", TaskList(tasks: [task], nextPageToken: "t")), ("Point", point),
            ("DeadLetter", deadLetter),
            (
                "DeadLetterList",
                DeadLetterList(deadLetters: [deadLetter], total: 1, nextPageToken: "t")
            ), ("DeadLetterCount", DeadLetterCount(count: 1)),
            ("PointList", PointList(points: [point], nextPageToken: "t")),
            ("RestoreGap", restoreGap), ("Restore", restore),
            ("RestoreList", RestoreList(restores: [restore], nextPageToken: "t")),
            ("Operation", operation),
            ("OperationList", OperationList(operations: [operation], nextPageToken: "t")),
            ("Event", try event), ("EventList", EventList(events: [try event], nextPageToken: "t")),
            ("Problem", Problem(.invalid, "It is not.", hint: "Make it so.")),
        ]
    }

    static let doubt = TaskDocument.InDoubt(requests: 1, rows: 2, rowsHeld: 1, requestsUntold: 0)

    static let channel = SourceDocument.Channel(
        name: "c",
        offset: 5,
        head: HybridTimestamp(rawValue: 70),
        lagSeconds: 0.5
    )

    static let sourceGap: SourceDocument.Gap = {
        var gap = SourceDocument.Gap(
            Gap(
                collection: CollectionID(rawValue: 1),
                shard: 0,
                from: HybridTimestamp(rawValue: 1),
                through: HybridTimestamp(rawValue: 2),
                reason: "Deleted."
            ),
            name: CollectionName(database: "default", collection: "a")
        )
        gap.database = "default"
        return gap
    }()

    static let reading = ReadingDocument(
        waitingFor: "c",
        heldBytes: 4096,
        openTransactions: 1,
        discarded: ReadingDocument.Discarded()
    )

    static let source = SourceDocument(
        name: "main",
        state: .running,
        resolved: mark,
        lagSeconds: 0.1,
        channels: [channel],
        gaps: [sourceGap],
        reading: reading,
        journal: SourceDocument.Journal(
            oldest: mark,
            segments: 1,
            bytes: 4096,
            diskFreeBytes: 1 << 30
        ),
        lastError: "None."
    )

    static let task = TaskDocument(
        id: "t",
        source: "main",
        target: "dr",
        state: .parked,
        checkpoint: mark,
        resolved: mark,
        lagSeconds: 1.5,
        backlogEntries: 3,
        include: ["a.*"],
        exclude: ["a.tmp"],
        rename: ["a.b=c.d"],
        leaveOut: ["load"],
        onError: "park",
        deadLetters: 1,
        start: "earliest",
        parked: [lane],
        inDoubt: doubt,
        lastError: "Refused.",
        created: 1,
        updated: 2,
        etag: "1-1"
    )

    static let point = PointDocument(
        name: "p",
        source: "main",
        at: HybridTimestamp(rawValue: 70),
        created: 1,
        isResolved: true
    )

    static let deadLetter = DeadLetterDocument(
        TaskDeadLetter(
            id: TaskDeadLetter.ID(sequence: SequenceNumber(rawValue: 8), lane: "a.b"),
            kind: "insert",
            rowCount: 3,
            reason: "Refused."
        )
    )

    static let restoreGap = RestoreDocument.Gap(
        ReportedGap(
            lane: Lane("a.b"),
            from: HybridTimestamp(rawValue: 1),
            through: HybridTimestamp(rawValue: 2),
            reason: "Deleted."
        )
    )

    static let restore = RestoreDocument(
        id: "r",
        source: "main",
        target: "dr",
        to: "latest",
        end: "seq:7",
        include: [],
        exclude: [],
        rename: [],
        state: .done,
        progress: 1,
        rows: 3,
        bytes: 30,
        requests: 1,
        checkpoint: mark,
        parked: [lane],
        gaps: [restoreGap],
        created: 1,
        updated: 2,
        finished: 3,
        lastError: "None."
    )

    static let operation: OperationDocument = {
        var operation = OperationDocument(
            LongOperation(id: TaskID.sample, kind: "restore", request: "{}"),
            progress: 0.5
        )
        (operation.finished, operation.error) = (3, "None.")
        return operation
    }()

    static var event: EventDocument {
        get throws {
            EventDocument(
                CatalogEvent(
                    kind: "task.created",
                    source: "main",
                    task: try TaskID("t"),
                    message: "It was."
                )
            )
        }
    }
}

extension TaskID {
    fileprivate static var sample: TaskID {
        guard let id = try? TaskID("r") else { preconditionFailure("r is a name") }
        return id
    }
}
