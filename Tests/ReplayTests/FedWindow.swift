import Operations
import Replay

/// A window with its translation, fed with operations.
struct FedWindow {
    var window: ReplayWindow
    var translation: Translation
    var next: UInt64 = 1

    init(
        _ operations: [Operation] = [],
        rowsMax: Int = 100,
        bytesMax: Int = 1 << 20,
        joinsUpserts: Bool = false,
        insertsAtOnce: Int = 1,
        doubtReach: UInt64 = 0,
        ahead: [LaneProgress] = [],
        parked: [ParkedLane] = []
    ) {
        window = ReplayWindow(
            after: .start,
            doubtReach: SequenceNumber(rawValue: doubtReach),
            limits: RequestLimits(
                sizeMaxBytes: bytesMax,
                rowsMax: rowsMax,
                joinsUpserts: joinsUpserts,
                insertsAtOnceMax: insertsAtOnce
            ),
            layout: InMemoryTarget().rowLayout,
            sizeMaxBytes: 1 << 20,
            parked: parked,
            ahead: ahead
        )
        translation = Translation(
            projection: .everything,
            unsupported: [],
            definitions: Definitions()
        )
        take(operations)
    }

    mutating func take(_ operations: [Operation]) {
        for operation in operations {
            let entry = Entry(
                sequence: SequenceNumber(rawValue: next),
                timestamp: Make.tso(next),
                operation: operation
            )
            window.take(entry, drafts: translation.take(entry).drafts)
            next += 1
        }
    }

    /// Starts all that may start.
    mutating func start() -> [Step] {
        var steps: [Step] = []
        while let step = window.peek() {
            window.start(step.id)
            steps.append(step)
        }
        return steps
    }

    /// Starts and ends all, a generation at a time; says which entries each generation held.
    mutating func generations() -> [[[UInt64]]] {
        var generations: [[[UInt64]]] = []
        while case let steps = start(), !steps.isEmpty {
            for step in steps { window.finish(step.id) }
            generations.append(steps.map { $0.sequences.map(\.rawValue) })
        }
        return generations
    }
}
