internal import Operations

/// Which lanes are read apart from the others, and from where on.
struct SlowLaneTable {
    struct Place {
        /// The first entry that is read apart, also after a crash; whatever concerns the lane before it is done.
        let first: SequenceNumber
        /// The last entry of which the lane's part came from the others' reading.
        let taken: SequenceNumber
        /// What may have been sent of it before it was read apart.
        let reach: SequenceNumber
    }

    /// Whose something is.
    enum Owner {
        case others
        /// Nobody's any more.
        case done
        case slow
    }

    private(set) var places: [Lane: Place] = [:]

    init() {}

    init(_ saved: SlowLanes) {
        for slow in saved.lanes {
            places[slow.lane] = Place(first: slow.first, taken: .zero, reach: slow.reach)
        }
    }

    var lanes: Set<Lane> { Set(places.keys) }

    /// What is saved of it; a lane says what was sent of it only where that is more than `reach`.
    func saved(beyond reach: SequenceNumber) -> [SlowLane] {
        places.sorted { $0.key < $1.key }.map { lane, place in
            SlowLane(
                lane: lane,
                first: place.first,
                reach: place.reach > reach ? place.reach : .zero
            )
        }
    }

    /// Whose an entry's part is that concerns some lanes.
    func owner(of lanes: [Lane], at sequence: SequenceNumber) -> Owner {
        let concerned = places.filter { place in lanes.contains { $0.meets(place.key) } }
        if concerned.isEmpty { return .others }
        return concerned.values.allSatisfy { $0.first <= sequence } ? .slow : .done
    }

    /// Whether the others' reading has taken an entry's part that is the slow lanes'.
    func wasTaken(_ lanes: [Lane], at sequence: SequenceNumber) -> Bool {
        places.contains { place in
            sequence <= place.value.taken && lanes.contains { $0.meets(place.key) }
        }
    }

    mutating func add(_ lane: Lane, _ place: Place) { places[lane] = place }

    /// Forgets that more was sent of a lane than an entry says.
    mutating func settle(at reach: (Lane) -> SequenceNumber) {
        for (lane, place) in places {
            places[lane] = Place(
                first: place.first,
                taken: place.taken,
                reach: min(place.reach, reach(lane))
            )
        }
    }
}
