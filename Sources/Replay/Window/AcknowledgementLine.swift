package import Operations

/// Knows up to which entry everything is done, while entries are done out of order.
///
/// Costs memory for what is not done, however far it reads past it.
package struct AcknowledgementLine: Sendable {
    /// An entry with parts that are not done.
    private struct Place {
        let sequence: SequenceNumber
        var parts: Int
    }

    /// From this many places or commits on, those that are spent are given back when they are most of them.
    private static let spentMin = 1_024

    /// Everything up to here is done, and the source timestamp that stands for it.
    package private(set) var through: Mark
    /// The last entry taken in.
    package private(set) var last: SequenceNumber
    /// Entries after `through`, ascending; those without parts, and those before `head`, are spent.
    private var places: [Place] = []
    private var head = 0
    /// How many places are not spent.
    package private(set) var openCount = 0
    /// Commits after `through`, oldest first.
    private var commits: [Mark] = []

    package init(after mark: Mark) {
        through = mark
        last = mark.sequence
    }

    /// A line that has taken in what another one has, with everything done.
    ///
    /// - Parameters:
    ///   - other: The line beside it.
    ///   - sequence: Where it stands; not before the other.
    package init(beside other: AcknowledgementLine, at sequence: SequenceNumber) {
        through = Mark(sequence: sequence, tso: other.through.tso)
        last = other.last
        commits = other.commits
        settle()
    }

    /// Takes in the next entry, which is done when all its parts are.
    ///
    /// - Precondition: `sequence` follows `last`.
    package mutating func begin(_ sequence: SequenceNumber, parts: Int) {
        precondition(sequence == last.next, "entries are dense")
        last = sequence
        if parts > 0 { add(parts, at: sequence) }
        advance()
    }

    /// Notes that up to here the journal is complete up to a timestamp.
    package mutating func commit(_ mark: Mark) {
        if mark.sequence <= through.sequence {
            through.tso = max(through.tso, mark.tso)
            return
        }
        // With nothing open between two commits, the line never rests at the earlier one.
        let open = places.last.map(\.sequence) ?? .zero
        if let known = commits.last?.sequence, known == mark.sequence || open <= known {
            commits.removeLast()
        }
        commits.append(mark)
    }

    /// Notes that one part of an entry is done.
    package mutating func finish(_ sequence: SequenceNumber) {
        let index = index(of: sequence)
        precondition(
            index < places.count && places[index].sequence == sequence && places[index].parts > 0,
            "finished once too often"
        )
        places[index].parts -= 1
        if places[index].parts == 0 { openCount -= 1 }
        if index == head { advance() }
    }

    /// Moves parts of entries to another line, which is to know when they are done.
    ///
    /// If that line is past one of them, it goes back.
    package mutating func hand(_ parts: [SequenceNumber], to other: inout AcknowledgementLine) {
        for sequence in parts { other.add(1, at: sequence) }
        if let first = parts.min(), first <= other.through.sequence {
            other.commits.insert(other.through, at: 0)
            other.through = Mark(
                sequence: SequenceNumber(rawValue: first.rawValue - 1),
                tso: min(through.tso, other.through.tso)
            )
        }
        for sequence in parts { finish(sequence) }
    }

    /// The place of an entry, or where it would be.
    private func index(of sequence: SequenceNumber) -> Int {
        var (low, high) = (head, places.count)
        while low < high {
            let middle = (low + high) / 2
            if places[middle].sequence < sequence { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private mutating func add(_ parts: Int, at sequence: SequenceNumber) {
        if places.last.map({ $0.sequence < sequence }) != false {
            places.append(Place(sequence: sequence, parts: parts))
            openCount += 1
            return
        }
        let index = index(of: sequence)
        if index == places.count || places[index].sequence != sequence {
            places.insert(Place(sequence: sequence, parts: 0), at: index)
        }
        if places[index].parts == 0 { openCount += 1 }
        places[index].parts += parts
    }

    private mutating func advance() {
        while head < places.count, places[head].parts == 0 { head += 1 }
        let reached =
            head < places.count
            ? min(last, SequenceNumber(rawValue: places[head].sequence.rawValue - 1)) : last
        if reached > through.sequence {
            through.sequence = reached
            settle()
        }
        let spent = places.count - openCount
        if spent > Self.spentMin, spent > openCount { giveBack() }
    }

    /// Takes the timestamp of the newest commit that the line has reached.
    private mutating func settle() {
        let reached = commits.prefix { $0.sequence <= through.sequence }
        guard let newest = reached.last else { return }
        through.tso = max(through.tso, newest.tso)
        commits.removeFirst(reached.count)
    }

    /// Forgets spent places, and commits at which the line can no longer rest.
    private mutating func giveBack() {
        places.removeAll { $0.parts == 0 }
        head = 0
        var kept: [Mark] = []
        var place = 0
        for commit in commits {
            let before = place
            while place < places.count, places[place].sequence <= commit.sequence { place += 1 }
            if place == before, !kept.isEmpty { kept.removeLast() }
            kept.append(commit)
        }
        commits = kept
    }
}
