import Capture
import GRPCConnections
import Operations
import Testing

@testable import Etcd

@Suite(.timeLimit(.minutes(5))) struct EtcdWatchTests {
    private static func change(_ revision: Int64, bytes: Int) -> AssembledChange {
        let record = MetadataRecord(key: "a", value: [UInt8](repeating: 0, count: bytes))
        return AssembledChange(
            change: MetadataChange(
                revision: MetadataRevision(rawValue: revision),
                records: [record]
            ),
            keyDelta: 0
        )
    }

    private func watch() -> EtcdWatch {
        EtcdFixture.metadata(
            EtcdOptions(
                endpoints: [PeerAddress(host: "127.0.0.1", port: 1, isSecure: false)],
                root: "r"
            )
        )
        .watch(from: WatchPosition(after: 1, keys: 1))
    }

    @Test func `a reader that does not take holds the watch back`() async throws {
        let watch = watch()
        let half = EtcdWatch.pendingMaxBytes / 2
        await watch.add([EtcdWatchTests.change(2, bytes: half)])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await watch.add([EtcdWatchTests.change(3, bytes: half)]) }
            while watch.resumeAfter < 3 { try await Task.sleep(for: .milliseconds(1)) }
            group.addTask {
                try await Task.sleep(for: .milliseconds(100))
                throw CancellationError()
            }
            // The sleep ends first: with the second half there is too much.
            await #expect(throws: CancellationError.self) { try await group.next() }
            #expect(try await watch.arrived().changes.count == 2)
            try await group.next()
        }
        #expect(try await watch.arrived().changes.isEmpty)
    }

    @Test func `what arrived before a failure can still be taken`() async throws {
        let watch = watch()
        await watch.add([EtcdWatchTests.change(2, bytes: 1)])
        watch.fail(EtcdError(.refused, "no"))
        #expect(try await watch.arrived().changes.count == 1)
        let failure = await #expect(throws: MetadataFailure.self) { try await watch.arrived() }
        #expect(failure?.code == .refused)
    }
}

@Suite(.timeLimit(.minutes(5))) struct BellTests {
    @Test func `a ring before anybody waits is kept, once`() async {
        let bell = Bell()
        bell.ring()
        bell.ring()
        await bell.heard()
        let started = ContinuousClock.now
        await bell.heard(within: .milliseconds(50))
        #expect(ContinuousClock.now - started >= .milliseconds(50))
    }

    @Test func `a ring wakes the one who waits`() async {
        let bell = Bell()
        for _ in 0..<1000 {
            async let heard: Void = bell.heard()
            bell.ring()
            await heard
        }
    }

    @Test func `a cancelled task waits no longer`() async {
        let bell = Bell()
        for _ in 0..<1000 {
            let waiting = Task { await bell.heard() }
            waiting.cancel()
            await waiting.value
        }
    }
}
