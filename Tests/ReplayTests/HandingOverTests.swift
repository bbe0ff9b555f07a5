import Operations
import Replay
import Testing

/// Lanes that go from one window to another with all that is not done of them.
struct HandingOverTests {
    private func hand(_ lane: Lane, of fed: inout FedWindow) -> (FedWindow, Set<Lane>) {
        let lanes = fed.window.entangled(with: [lane])
        var other = fed
        other.window = fed.window.beside(
            at: fed.window.first(of: lanes).map { SequenceNumber(rawValue: $0.rawValue - 1) }
                ?? fed.window.line.last
        )
        fed.window.hand(lanes, to: &other.window)
        return (other, lanes)
    }

    private func sequences(_ steps: [Step]) -> [[UInt64]] {
        steps.map { $0.sequences.map(\.rawValue) }
    }

    @Test func `it takes what waits and what is under way, and leaves the rest`() {
        var fed = FedWindow([
            Make.create(1, "a"), Make.create(2, "b"), Make.insert(1, 1), Make.insert(2, 1),
            Make.delete(1, 1),
        ])
        let started = fed.start()
        #expect(sequences(started) == [[1], [2]])
        let bytes = fed.window.byteCount
        var (other, lanes) = hand(Make.lane("a"), of: &fed)
        #expect(lanes == [Make.lane("a")])
        #expect(fed.window.byteCount + other.window.byteCount == bytes)
        #expect((fed.window.startedCount, other.window.startedCount) == (1, 1))
        fed.window.finish(started[1].id)
        other.window.finish(started[0].id)
        #expect(fed.generations() == [[[4]]])
        #expect(other.generations() == [[[3]], [[5]]])
        #expect(fed.window.line.through.sequence.rawValue == 5)
        #expect(other.window.line.through.sequence.rawValue == 5)
        fed.window.takeBack(other.window)
        fed.take([Make.insert(1, 7)])
        #expect(fed.generations() == [[[6]]])
    }

    @Test func `what is shared with another lane takes that one along`() {
        var fed = FedWindow([
            Make.create(1, "a"), Make.create(2, "b"), Make.create(3, "c"),
            .renameCollection(CollectionID(rawValue: 1), database: .default, name: "d"),
            Make.insert(1, 1), Make.insert(3, 1),
        ])
        var (other, lanes) = hand(Make.lane("a"), of: &fed)
        #expect(lanes == [Make.lane("a"), Make.lane("d")])
        #expect(other.generations() == [[[1]], [[4]], [[5]]])
        #expect(fed.generations() == [[[2], [3]], [[6]]])
    }

    @Test func `a database in the way takes all its collections along`() {
        let database = DatabaseDefinition(id: DatabaseID(rawValue: 5), name: "x")
        var fed = FedWindow([
            .createDatabase(database),
            .createCollection(Make.definition(1, "a", database: database.id)),
            .createCollection(Make.definition(2, "b", database: database.id)),
            Make.create(3, "c"),
        ])
        var (other, lanes) = hand(.collection(Make.name("a", in: "x")), of: &fed)
        #expect(lanes.contains(.database("x")))
        #expect(lanes.contains(.collection(Make.name("b", in: "x"))))
        #expect(!lanes.contains(Make.lane("c")))
        #expect(other.generations() == [[[1]], [[2], [3]]])
        #expect(fed.generations() == [[[4]]])
    }

    @Test func `a parked lane that it is part of goes along`() {
        let parked = ParkedLane(
            lane: .database("default"),
            sequence: SequenceNumber(rawValue: 1),
            reach: .zero,
            reason: "No."
        )
        var fed = FedWindow(parked: [parked])
        let (other, lanes) = hand(Make.lane("a"), of: &fed)
        #expect(lanes == [Make.lane("a"), .database("default")])
        #expect(fed.window.parked.isEmpty)
        #expect(other.window.parked[.database("default")] == parked)
    }

    @Test func `slow is what has half of what is not done, and had it before`() {
        var fed = FedWindow([
            Make.create(1, "a"), Make.create(2, "b"), Make.insert(1, 1), Make.insert(1, 2),
        ])
        for step in fed.start() where step.sequences.map(\.rawValue) == [2] {
            fed.window.finish(step.id)
        }
        #expect(fed.window.slowest(since: .zero) == nil)
        #expect(fed.window.slowest(since: SequenceNumber(rawValue: 3)) == Make.lane("a"))
    }
}
