internal import Capture
internal import GRPCConnections
internal import GRPCCore
internal import Logging
internal import Synchronization

/// Follows etcd's watch API, over as many connections as it takes, and fills an `EtcdWatch`.
struct WatchFeed: Sendable {
    /// How long a member may take to accept a watch.
    static let acceptDeadline = Duration.seconds(10)

    let watch: EtcdWatch
    let session: EtcdSession
    let range: KeyRange
    let logger: Logger

    /// Runs until the watch is closed, fails for good, or the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await follow() }
            await watch.closed()
            group.cancelAll()
        }
    }

    private func follow() async {
        var pause = RetryPause()
        while !Task.isCancelled {
            let attempt = Attempt()
            let error: EtcdError
            do {
                let link = try await session.link()
                error = await follow(over: link, attempt)
                await session.leave(link.number, because: error)
            } catch let failure {
                error =
                    failure as? EtcdError
                    ?? EtcdError(.unavailable, "no watch on etcd", cause: failure)
            }
            guard !Task.isCancelled else { break }
            guard error.isTransient else {
                watch.fail(error)
                return
            }
            if attempt.isAccepted { pause.reset() }
            let length = pause.next()
            logger.warning(
                "etcd watch interrupted, going on",
                metadata: [
                    "etcd.error": "\(error)", "etcd.revision": "\(watch.resumeAfter)",
                    "pause": "\(length)",
                ]
            )
            try? await Task.sleep(for: length)
        }
        watch.fail(EtcdError(.unavailable, "the watch was stopped"))
    }

    /// One watch over one connection; returns why it ended.
    private func follow(over link: EtcdSession.Link, _ attempt: Attempt) async -> EtcdError {
        let start = watch.resumeAfter
        return await withTaskGroup(of: EtcdError?.self) { group in
            group.addTask {
                do {
                    return try await range.watch(from: start, over: link) { responses in
                        try await take(responses, after: start, from: link.address, attempt)
                    }
                } catch {
                    return EtcdError(error, from: link.address)
                }
            }
            group.addTask {
                try? await Task.sleep(for: WatchFeed.acceptDeadline)
                if attempt.isAccepted { return nil }
                return EtcdError(.unavailable, "etcd at \(link.address) accepts no watch")
            }
            defer { group.cancelAll() }
            for await error in group {
                if let error { return error }
            }
            preconditionFailure("a watch ends with an error")
        }
    }

    /// Takes answers in until etcd ends the watch; returns why.
    private func take(
        _ responses: KeyRange.WatchResponses,
        after revision: Int64,
        from address: PeerAddress,
        _ attempt: Attempt
    ) async throws -> EtcdError {
        var assembly = RevisionAssembly(of: range, after: revision)
        for try await response in responses {
            if response.canceled {
                return EtcdError.watchCancelled(
                    response.cancelReason,
                    compactRevision: response.compactRevision,
                    from: address
                )
            }
            try await session.check(response.header, from: address)
            attempt.accept()
            await watch.add(try assembly.take(response))
        }
        return EtcdError(.unavailable, "etcd at \(address) ended the watch")
    }

    /// Whether a watch came to stand.
    private final class Attempt: Sendable {
        private let state = Mutex(false)

        var isAccepted: Bool { state.withLock { $0 } }

        func accept() { state.withLock { $0 = true } }
    }
}
