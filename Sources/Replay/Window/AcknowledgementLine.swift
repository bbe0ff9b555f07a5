package import Operations

/// Knows up to which entry everything is done, while entries are done out of order.
package struct AcknowledgementLine: Sendable {
    /// Everything up to here is done, and the source timestamp that stands for it.
    package private(set) var through: Mark
    /// For each entry after `through`, how many parts of it are not done.
    ///
    /// Those before `head` are spent.
    private var open: [Int] = []
    private var head = 0
    /// Commits after `through`, oldest first.
    private var commits: [Mark] = []

    package init(after mark: Mark) { through = mark }

    /// The last entry taken in.
    package var last: SequenceNumber {
        SequenceNumber(rawValue: through.sequence.rawValue + UInt64(open.count - head))
    }

    /// Takes in the next entry, which is done when all its parts are.
    ///
    /// - Precondition: `sequence` follows `last`.
    package mutating func begin(_ sequence: SequenceNumber, parts: Int) {
        precondition(sequence == last.next, "entries are dense")
        open.append(parts)
        advance()
    }

    /// Notes that up to here the journal is complete up to a timestamp.
    package mutating func commit(_ mark: Mark) {
        if mark.sequence <= through.sequence {
            through.tso = max(through.tso, mark.tso)
        } else {
            if commits.last?.sequence == mark.sequence { commits.removeLast() }
            commits.append(mark)
        }
    }

    /// Notes that one part of an entry is done.
    package mutating func finish(_ sequence: SequenceNumber) {
        let index = head + Int(sequence.rawValue - through.sequence.rawValue) - 1
        precondition(open.indices.contains(index) && open[index] > 0, "finished once too often")
        open[index] -= 1
        if index == head { advance() }
    }

    private mutating func advance() {
        var passed: UInt64 = 0
        while head < open.count, open[head] == 0 {
            head += 1
            passed += 1
        }
        guard passed > 0 else { return }
        through.sequence = SequenceNumber(rawValue: through.sequence.rawValue + passed)
        let reached = commits.prefix { $0.sequence <= through.sequence }
        if let newest = reached.last {
            through.tso = max(through.tso, newest.tso)
            commits.removeFirst(reached.count)
        }
        // Spent places are given back when they are most of the array, so that each is moved about once.
        if head > 1_024, head > open.count / 2 {
            open.removeFirst(head)
            head = 0
        }
    }
}
