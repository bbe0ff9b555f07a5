package import Operations
internal import Synchronization

/// A target that is kept in memory, for tests.
///
/// It looks into rows only as far as its own form of them goes: see `InMemoryRow`. It refuses what a real
/// target would, such as rows for a collection that is not there.
package final class InMemoryTarget: Target {
    struct State {
        var contents = InMemoryContents()
        var calls: [InMemoryCall] = []
        var faults: InMemoryFaults
        var underWay = 0
        var underWayMost = 0
        /// What the calls that hang wait for the end of.
        var waits: [AsyncStream<Never>.Continuation] = []
    }

    let state: Mutex<State>
    private let traits: TargetTraits
    /// Each call that began to hang, by its number.
    package let hangs: AsyncStream<Int>
    private let hanging: AsyncStream<Int>.Continuation

    package init(
        traits: TargetTraits = TargetTraits(
            product: "memory",
            requestSizeMaxBytes: 1 << 20,
            requestRowsMax: 10_000,
            unsupported: []
        ),
        faults: InMemoryFaults = InMemoryFaults()
    ) {
        self.traits = traits
        state = Mutex(State(faults: faults))
        (hangs, hanging) = AsyncStream.makeStream(of: Int.self)
    }

    /// What it holds.
    package var contents: InMemoryContents { state.withLock(\.contents) }

    /// Every call so far that had an effect, in the order of the effects.
    package var calls: [InMemoryCall] { state.withLock(\.calls) }

    /// How many calls are under way.
    package var underWay: Int { state.withLock(\.underWay) }

    /// The most calls that were under way at once.
    package var underWayMost: Int { state.withLock(\.underWayMost) }

    /// How many calls came, those that failed included.
    package var callCount: Int { state.withLock(\.faults.callCount) }

    /// Fails as told from now on; calls are counted from 1 again.
    package func set(_ faults: InMemoryFaults) { state.withLock { $0.faults = faults } }

    /// Drops a collection behind the replay's back.
    package func forget(_ name: CollectionName) {
        state.withLock { $0.contents.collections[name] = nil }
    }

    /// Adds to `hangs` a call that is none, for a test that no longer waits for one.
    package func tellHang() { hanging.yield(0) }

    /// Lets the calls that hang go on.
    package func letGo() {
        let waits = state.withLock { state in
            defer { state.waits = [] }
            return state.waits
        }
        for wait in waits { wait.finish() }
    }

    package func describe() async throws -> TargetTraits { traits }

    /// Takes one call: fails as it was told to, or changes the contents.
    @discardableResult
    func take<Value: Sendable>(
        _ call: InMemoryCall,
        _ change: (inout InMemoryContents) throws(TargetFailure) -> Value
    ) async throws -> Value {
        let (number, fault) = state.withLock { state in
            state.underWay += 1
            state.underWayMost = max(state.underWayMost, state.underWay)
            return state.faults.next(for: call)
        }
        defer { state.withLock { $0.underWay -= 1 } }
        // Others get their turn, as with a real target.
        await Task.yield()
        switch fault {
        case nil: break
        case .failure(let code, hadNoEffect: let hadNoEffect):
            throw TargetFailure(code: code, message: "\(call) failed.", hadNoEffect: hadNoEffect)
        case .hang: try await hang(number)
        case .replyLost, .hangAfter: break
        }
        let value = try state.withLock { state throws(TargetFailure) in
            let value = try change(&state.contents)
            state.calls.append(call)
            return value
        }
        switch fault {
        case .replyLost:
            throw TargetFailure(code: .transient, message: "The reply to \(call) was lost.")
        case .hangAfter: try await hang(number)
        default: break
        }
        return value
    }

    /// Waits until it is let go, or cancelled and fails for it.
    private func hang(_ number: Int) async throws {
        let (wait, end) = AsyncStream.makeStream(of: Never.self)
        state.withLock { $0.waits.append(end) }
        hanging.yield(number)
        for await _ in wait {}
        try Task.checkCancellation()
    }
}
