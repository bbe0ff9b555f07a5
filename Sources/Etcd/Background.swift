/// Work that runs beside the calls that start it, for as long as `run()` does.
struct Background: Sendable {
    typealias Work = @Sendable () async -> Void

    private let work: AsyncStream<Work>
    private let queue: AsyncStream<Work>.Continuation

    init() {
        (work, queue) = AsyncStream.makeStream(of: Work.self)
    }

    /// Starts some work now, or as soon as `run()` is called; after `run()` it is dropped.
    func run(_ work: @escaping Work) {
        queue.yield(work)
    }

    /// Carries the work until the task is cancelled, and with it what is still running.
    ///
    /// Call it once.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await work in work {
                group.addTask { await work() }
            }
            queue.finish()
        }
    }
}
