import Operations
import Replay
import Testing

struct AcknowledgementLineTests {
    private func sequence(_ number: UInt64) -> SequenceNumber { SequenceNumber(rawValue: number) }

    private func line(of entries: UInt64) -> AcknowledgementLine {
        var line = AcknowledgementLine(after: .start)
        for number in 1...entries { line.begin(sequence(number), parts: 1) }
        return line
    }

    @Test func `it moves only when everything before is done`() {
        var line = line(of: 3)
        line.finish(sequence(2))
        line.finish(sequence(3))
        #expect(line.through.sequence == .zero)
        line.finish(sequence(1))
        #expect(line.through.sequence == sequence(3))
    }

    @Test func `an entry in parts is done with its last part`() {
        var line = AcknowledgementLine(after: .start)
        line.begin(sequence(1), parts: 2)
        line.finish(sequence(1))
        #expect(line.through.sequence == .zero)
        line.finish(sequence(1))
        #expect(line.through.sequence == sequence(1))
    }

    @Test func `an entry without parts is done at once`() {
        var line = AcknowledgementLine(after: .start)
        line.begin(sequence(1), parts: 0)
        #expect(line.through.sequence == sequence(1))
    }

    @Test func `the timestamp moves with the last entry of a batch`() {
        var line = line(of: 2)
        line.commit(Mark(sequence: sequence(2), tso: Make.tso(20)))
        line.finish(sequence(1))
        #expect(line.through.tso == .zero)
        line.finish(sequence(2))
        #expect(line.through.tso == Make.tso(20))
    }

    @Test func `an empty batch moves the timestamp alone`() {
        var line = AcknowledgementLine(after: .start)
        line.commit(Mark(sequence: .zero, tso: Make.tso(20)))
        #expect(line.through == Mark(sequence: .zero, tso: Make.tso(20)))
    }

    @Test func `empty batches behind an open entry wait for it`() {
        var line = line(of: 1)
        line.commit(Mark(sequence: sequence(1), tso: Make.tso(10)))
        line.commit(Mark(sequence: sequence(1), tso: Make.tso(11)))
        #expect(line.through.tso == .zero)
        line.finish(sequence(1))
        #expect(line.through.tso == Make.tso(11))
    }

    @Test func `a hundred thousand entries done in any order leave it at the end`() {
        var random = SeededRandom(seed: 7)
        var line = AcknowledgementLine(after: .start)
        var open: [SequenceNumber] = []
        for number in 1...100_000 as ClosedRange<UInt64> {
            line.begin(sequence(number), parts: 1)
            open.append(sequence(number))
            if open.count > 50 {
                line.finish(open.remove(at: Int.random(in: 0..<open.count, using: &random)))
            }
        }
        for left in open { line.finish(left) }
        #expect(line.through.sequence == sequence(100_000))
        #expect(line.last == line.through.sequence)
    }

    @Test func `what is done behind an open entry costs nothing`() {
        var line = AcknowledgementLine(after: .start)
        line.begin(sequence(1), parts: 1)
        for number in 2...100_000 as ClosedRange<UInt64> {
            line.begin(sequence(number), parts: 1)
            line.commit(Mark(sequence: sequence(number), tso: Make.tso(number)))
            line.finish(sequence(number))
        }
        #expect(line.openCount == 1)
        #expect(line.through == .start)
        line.finish(sequence(1))
        #expect(line.through == Mark(sequence: sequence(100_000), tso: Make.tso(100_000)))
    }

    @Test func `parts handed to another line are that one's to finish`() {
        var line = line(of: 4)
        line.commit(Mark(sequence: sequence(4), tso: Make.tso(40)))
        var other = AcknowledgementLine(beside: line, at: sequence(1))
        line.hand([sequence(2), sequence(4)], to: &other)
        #expect(other.openCount == 2)
        line.finish(sequence(1))
        line.finish(sequence(3))
        #expect(line.through == Mark(sequence: sequence(4), tso: Make.tso(40)))
        other.finish(sequence(4))
        #expect(other.through == Mark(sequence: sequence(1), tso: .zero))
        other.finish(sequence(2))
        #expect(other.through == Mark(sequence: sequence(4), tso: Make.tso(40)))
    }

    @Test func `a line goes back to what it is handed`() {
        var line = line(of: 5)
        var other = AcknowledgementLine(beside: line, at: sequence(5))
        other.begin(sequence(6), parts: 0)
        other.commit(Mark(sequence: sequence(6), tso: Make.tso(60)))
        #expect(other.through == Mark(sequence: sequence(6), tso: Make.tso(60)))
        line.hand([sequence(3)], to: &other)
        #expect(other.through == Mark(sequence: sequence(2), tso: .zero))
        other.begin(sequence(7), parts: 1)
        other.finish(sequence(3))
        #expect(other.through == Mark(sequence: sequence(6), tso: Make.tso(60)))
    }
}
