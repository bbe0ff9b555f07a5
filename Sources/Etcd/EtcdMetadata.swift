package import Capture
internal import GRPCConnections
internal import GRPCCore
internal import GRPCProtobuf
package import Logging
package import Operations

/// The metadata of a Milvus source, as etcd keeps it; it is only read.
///
/// Calls and watches need `run()` running beside them; without it they end in `unavailable`.
package final class EtcdMetadata: MetadataSource {
    private let background = Background()
    private let session: EtcdSession
    private let range: MetadataRange
    private let logger: Logger

    package init(_ options: EtcdOptions, logger: Logger) {
        precondition(!options.endpoints.isEmpty, "etcd has at least one endpoint")
        self.logger = logger
        session = EtcdSession(options, background: background, logger: logger)
        range = MetadataRange(session: session, range: KeyRange(below: options.root))
    }

    /// Carries connections and watches until the task is cancelled.
    ///
    /// Call it once.
    package func run() async {
        await background.run()
    }

    package func snapshot(at revision: MetadataRevision?) async throws -> MetadataSnapshot {
        do {
            return try await range.snapshot(at: revision?.rawValue)
        } catch let error as EtcdError {
            throw try await explained(error, at: revision)
        }
    }

    package func watch(after revision: MetadataRevision) async throws -> any MetadataWatch {
        do {
            // Revision 1 is the empty store.
            let keys = try await range.count(at: max(revision.rawValue, 1))
            return watch(from: WatchPosition(after: revision.rawValue, keys: keys))
        } catch let error as EtcdError {
            throw try await explained(error, at: revision)
        }
    }

    /// Begins a watch without asking whether its revision is still kept.
    func watch(from position: WatchPosition) -> EtcdWatch {
        let watch = EtcdWatch(of: range, from: position)
        let feed = WatchFeed(watch: watch, session: session, range: range.range, logger: logger)
        background.run { await feed.run() }
        return watch
    }

    /// What the cluster runs, such as `3.5.5`.
    ///
    /// - Throws: `MetadataFailure`.
    package func version() async throws -> String {
        do {
            return try await session.call { link in
                let maintenance = Etcdserverpb_Maintenance.Client(wrapping: link.client)
                return try await maintenance.status(
                    Etcdserverpb_StatusRequest(),
                    metadata: link.metadata,
                    options: .within(EtcdSession.callDeadline)
                ).version
            }
        } catch let error as EtcdError {
            throw error.failure
        }
    }

    /// The failure that an error stands for, with the oldest revision where that is what is missing.
    private func explained(
        _ error: EtcdError,
        at revision: MetadataRevision?
    ) async throws -> MetadataFailure {
        guard case .compacted(nil) = error.code, let revision else { return error.failure }
        do {
            return try await range.range.compactedError(
                insteadOf: revision.rawValue,
                session: session
            ).failure
        } catch let error as EtcdError {
            return error.failure
        }
    }
}
