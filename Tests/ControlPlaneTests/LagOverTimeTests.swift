import Operations
import Replay
import Testing

@testable import ControlPlane

/// What is told of the lag while time passes, with everything real but the peers and the clock.
@Suite(.timeLimit(.minutes(5)))
struct LagOverTimeTests {
    private static let request = TaskRequest(
        id: "t",
        source: "main",
        target: "memory",
        include: [],
        exclude: [],
        rename: [],
        start: nil
    )

    /// Asks until the journal and the task's target have come up to now.
    private static func settled(
        _ supervisor: Supervisor,
        _ source: TickingSource
    ) async throws -> TaskDocument {
        while true {
            let task = try await supervisor.taskDocument("t")
            let now = UInt64(source.now) << 18
            if task.resolved.tso >= now, task.checkpoint.tso >= now { return task }
            await Task.yield()
        }
    }

    /// Asks until the journal has come up to now.
    private static func journalled(
        _ supervisor: Supervisor,
        _ source: TickingSource
    ) async throws -> TaskDocument {
        while true {
            let task = try await supervisor.taskDocument("t")
            if task.resolved.tso >= UInt64(source.now) << 18 { return task }
            await Task.yield()
        }
    }

    @Test func `an idle target is not behind for ten minutes, a paused source soon is`()
        async throws
    {
        try await withDirectory { directory in
            let source = TickingSource()
            try await source.withSupervisor(in: directory) { supervisor in
                _ = try await supervisor.createTask(Self.request)
                await source.insert(1)
                source.pass(milliseconds: 200)
                await source.tick()
                _ = try await Self.settled(supervisor, source)
                var worst = 0.0
                for second in 0..<600 {
                    for _ in 0..<5 {
                        source.pass(milliseconds: 200)
                        worst = max(worst, try await supervisor.taskDocument("t").lagSeconds)
                        await source.tick()
                    }
                    // Now and then, everything has come up.
                    if second % 20 == 0 {
                        let task = try await Self.settled(supervisor, source)
                        #expect(task.lagSeconds == 0)
                    } else {
                        _ = try await Self.journalled(supervisor, source)
                    }
                }
                #expect(worst <= 0.2)

                // The source falls silent: nobody knows what it does.
                let last = try await Self.settled(supervisor, source).checkpoint.tso >> 18
                for _ in 0..<30 {
                    source.pass(milliseconds: 1000)
                    let lag = try await supervisor.taskDocument("t").lagSeconds
                    let silence = Double(UInt64(source.now) - last) / 1000
                    #expect(lag == (silence > 2 ? silence : 0))
                }
            }
        }
    }

    @Test func `a stuck target falls behind by a second a second, and a restart knows it at once`()
        async throws
    {
        try await withDirectory { directory in
            let source = TickingSource()
            try await source.withSupervisor(in: directory) { supervisor in
                _ = try await supervisor.createTask(Self.request)
                source.pass(milliseconds: 200)
                await source.tick()
                let before = try await Self.settled(supervisor, source).checkpoint.tso >> 18
                source.target.set(InMemoryFaults { $0.kind == .insert ? .hang : nil })
                source.pass(milliseconds: 200)
                await source.insert(1)
                for _ in 0..<60 {
                    source.pass(milliseconds: 1000)
                    await source.tick()
                    let task = try await Self.journalled(supervisor, source)
                    let lag = task.lagSeconds
                    let age = Double(UInt64(source.now) - (task.checkpoint.tso >> 18)) / 1000
                    #expect(lag == age)
                    #expect(task.backlogEntries == 1)
                    // The last moment before the row, which the target may still be told of.
                    #expect(task.checkpoint.tso >> 18 <= before + 200)
                }
            }
            // While nobody looked, time went on.
            source.pass(milliseconds: 60_000)
            try await source.withSupervisor(in: directory) { supervisor in
                let task = try await supervisor.taskDocument("t")
                let age = Double(UInt64(source.now) - (task.checkpoint.tso >> 18)) / 1000
                #expect(task.lagSeconds == age)
                #expect((119.0...122.5).contains(age), "\(age)")
                source.target.set(InMemoryFaults())
                source.pass(milliseconds: 200)
                await source.tick()
                #expect(try await Self.settled(supervisor, source).lagSeconds == 0)
                #expect(source.target.contents.collections.values.first?.rows.count == 1)
            }
        }
    }

    @Test func `a pause does not stop the lag`() async throws {
        try await withDirectory { directory in
            let source = TickingSource()
            try await source.withSupervisor(in: directory) { supervisor in
                _ = try await supervisor.createTask(Self.request)
                source.pass(milliseconds: 200)
                await source.tick()
                _ = try await Self.settled(supervisor, source)
                let paused = try await supervisor.pauseTask("t").checkpoint.tso >> 18
                for _ in 0..<10 {
                    source.pass(milliseconds: 1000)
                    await source.tick()
                    let task = try await Self.journalled(supervisor, source)
                    #expect(task.lagSeconds == Double(UInt64(source.now) - paused) / 1000)
                }
            }
        }
    }
}
