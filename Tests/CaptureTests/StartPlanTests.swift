import Operations
import Testing

@testable import Capture

struct StartPlanTests {
    private let topic = PhysicalChannel("t")

    @Test func `a collection whose first message is kept starts there`() throws {
        let plan = try StartPlan(
            collections: [record(start: 40)],
            checkpoint: { _ in nil },
            bounds: [topic: OffsetBounds(first: 40, end: 90)]
        )
        #expect(plan.offsets == [topic: 40])
        #expect(plan.gaps.isEmpty)
    }

    @Test
    func
        `a collection whose first messages are gone starts at the source's checkpoint, with a gap`()
        throws
    {
        let plan = try StartPlan(
            collections: [record(start: 40)],
            checkpoint: { _ in (60, HybridTimestamp(rawValue: 777)) },
            bounds: [topic: OffsetBounds(first: 50, end: 90)]
        )
        #expect(plan.offsets == [topic: 60])
        #expect(plan.gaps.map(\.through.rawValue) == [777])
        #expect(plan.gaps.first?.reason.contains("baseline") == true)
    }

    @Test func `a collection of after the journal's end lacks nothing, however far its channel is`()
        throws
    {
        let plan = try StartPlan(
            collections: [record(start: 40)],
            checkpoint: { _ in nil },
            bounds: [topic: OffsetBounds(first: 50, end: 90)],
            position: SourcePosition(
                resolved: HybridTimestamp(rawValue: 4),
                metadata: .zero,
                offsets: [topic: 50]
            )
        )
        #expect(plan.offsets == [topic: 50])
        #expect(plan.gaps.isEmpty)
    }

    @Test func `a collection of before the journal's end is looked for in its log`() {
        #expect(throws: LogFailure.self) {
            try StartPlan(
                collections: [record(start: 40)],
                checkpoint: { _ in nil },
                bounds: [topic: OffsetBounds(first: 50, end: 90)],
                position: SourcePosition(
                    resolved: HybridTimestamp(rawValue: 5),
                    metadata: .zero,
                    offsets: [topic: 50]
                )
            )
        }
    }

    @Test func `a checkpoint that is gone too is refused`() {
        #expect {
            try StartPlan(
                collections: [record(start: 40)],
                checkpoint: { _ in (45, HybridTimestamp(rawValue: 7)) },
                bounds: [topic: OffsetBounds(first: 50, end: 90)]
            )
        } throws: { error in
            guard case .offsetOutOfRange = (error as? LogFailure)?.code else { return false }
            return true
        }
    }

    @Test func `a source none of whose topics exist is not on Kafka`() {
        #expect {
            try StartPlan(collections: [record(start: 40)], checkpoint: { _ in nil }, bounds: [:])
        } throws: { error in
            (error as? LogFailure)?.code == .refused
                && "\(error)".contains("not on Kafka")
        }
    }

    @Test func `a source without collections plans nothing`() throws {
        let plan = try StartPlan(collections: [], checkpoint: { _ in nil }, bounds: [:])
        #expect(plan.offsets.isEmpty)
    }

    private func record(start: Int64) -> CollectionRecord {
        CollectionRecord(
            id: CollectionID(rawValue: 1),
            database: .default,
            name: "c",
            state: .created,
            schema: [],
            virtualChannels: [VirtualChannel(name: "t_1v0", physical: topic)],
            startOffsets: [topic: start],
            consistencyLevel: 2,
            properties: [],
            createdAt: HybridTimestamp(rawValue: 5)
        )
    }
}
