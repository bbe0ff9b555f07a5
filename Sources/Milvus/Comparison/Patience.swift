internal import Replay

/// Reads again where a server is busy for a moment: a comparison changes nothing, so asking twice is harmless.
enum Patience {
    /// How long a server may go on failing.
    static let longest = Duration.seconds(30)
    private static let pause = Duration.milliseconds(500)

    /// The result of a read, tried again while it fails with what passes.
    static func reading<Value>(_ read: () async throws -> Value) async throws -> Value {
        let start = ContinuousClock.now
        while true {
            do {
                return try await read()
            } catch let failure as TargetFailure where failure.isTransient {
                guard ContinuousClock.now - start < longest else { throw failure }
                try await Task.sleep(for: pause)
            }
        }
    }
}
