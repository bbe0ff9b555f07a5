import Catalog
import FoundationEssentials
import Operations
import Replay
import Testing

@testable import ControlPlane

/// What a replay remembers comes back from the catalog as it was.
struct TaskCheckpointsTests {
    private func sequence(_ number: UInt64) -> SequenceNumber { SequenceNumber(rawValue: number) }

    private func mark(_ number: UInt64) -> Mark {
        Mark(sequence: sequence(number), tso: HybridTimestamp(rawValue: number * 10))
    }

    @Test func `a checkpoint with slow lanes comes back`() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("task-checkpoints-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let catalog = try Catalog.open(at: "\(folder)/catalog.sqlite")
        let id = try TaskID("t")
        try await catalog.create(ReplicationTask(id: id, source: "main", target: "u"))
        let store = TaskCheckpoints(catalog: catalog, task: id)
        #expect(try await store.load() == nil)
        var checkpoint = Checkpoint(at: mark(3))
        checkpoint.reach = sequence(40)
        checkpoint.ahead = [LaneProgress(lane: .access, sequence: sequence(9))]
        checkpoint.notices = [Notice(subject: "user ann", text: "Set a password.")]
        checkpoint.slow = SlowLanes(
            lanes: [
                SlowLane(lane: .database("d"), first: sequence(4), reach: .zero),
                SlowLane(
                    lane: .collection(CollectionName(database: "default", collection: "a")),
                    first: sequence(5),
                    reach: sequence(50)
                ),
            ],
            mark: mark(3),
            reach: sequence(20),
            others: mark(30),
            othersReach: sequence(40)
        )
        try await store.save(checkpoint, DeadLetterChanges())
        #expect(try await store.load() == checkpoint)
        // Retention goes by the slowest.
        #expect(try await catalog.lowestCheckpoint(ofSource: "main") == sequence(3))
        try catalog.close()
    }
}
