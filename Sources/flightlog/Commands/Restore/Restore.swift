internal import ArgumentParser
internal import ControlPlane
internal import FoundationEssentials
internal import Journal
internal import Logging
internal import Milvus
internal import Operations
internal import Replay

/// `flightlog restore`: brings a Milvus to a moment that a journal holds.
struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Brings a Milvus to any moment that a journal holds.",
        discussion: """
            Needs no server. Nothing that the target holds is touched: a collection that is to be \
            restored and holds rows there already ends the restore. The target's token is taken from \
            $\(Restore.tokenVariable).

            Examples:
              flightlog restore --journal flightlog-data/journal/main --target http://127.0.0.1:19531 \
            --to 2026-11-22T10:00:00Z --plan
              flightlog restore --journal flightlog-data/journal/main --target http://127.0.0.1:19531 \
            --to seq:900 --include shop.orders --rename shop.orders=shop.orders_before
            """
    )

    static let tokenVariable = "FLIGHTLOG_TARGET_TOKEN"

    @Option(help: ArgumentHelp("The journal's directory.", valueName: "dir"))
    var journal: String

    @Option(help: ArgumentHelp("The Milvus to restore into.", valueName: "uri"))
    var target: String

    @Option(help: ArgumentHelp("The moment: \(Moment.forms).", valueName: "moment"))
    var to: String

    @OptionGroup var chosen: ProjectionOptions
    @OptionGroup var left: LeaveOutOptions

    @Flag(help: "Print what would be done, and do nothing.")
    var plan = false

    @Flag(help: "Compare the target with the journal at the end.")
    var compare = false

    // Nothing is destroyed, so nobody is asked; scripts say it all the same.
    @Flag(help: .hidden)
    var yes = false

    @OptionGroup var shown: OutputOptions

    func run() async throws {
        guard !compare else { throw CommandFailure.notBuilt("Comparing after a restore") }
        ProcessMemory.keep()
        let goal = try RestoreGoal(to)
        // A restore beside what is there, under other names, must not touch who may use what is there.
        let leftOut = left.names + (chosen.rename.isEmpty ? [] : [OperationKind.rbac.name])
        let projection = try chosen.projection(leavingOut: leftOut)
        let token = ProcessInfo.processInfo.environment[Restore.tokenVariable]
        let milvus = try MilvusSettings(address: target, token: token.map(Secret.init))
        let entries = JournalEntries(reader: try JournalReader.open(at: journal))
        let pins = JournalPins(at: journal)
        let end = try goal.end(in: try JournalSpan(of: entries)) { name in
            try pins.pin(.point, name)?.timestamp
        }
        if plan {
            let plan = try RestorePlan.read(entries, projection: projection, end: end)
            try shown.show(plan.json, text: plan.lines)
            return
        }
        let began = ContinuousClock.now
        let status: ReplayStatus
        do {
            let first = try entries.start().sequence.next
            status = try await JournalLease(of: journal, from: first).held {
                try await replay(entries, projection, end, onto: milvus)
            }
        } catch let error as ReplayError where error.code == .conflict {
            // Rows that are there already are protected, which is a refusal of ours.
            throw CommandFailure(.refused, error.message, hint: error.hint)
        }
        let result = RestoreResult(status: status, took: ContinuousClock.now - began)
        try shown.show(result.json, text: result.lines)
        if let failure = result.failure { throw failure }
    }

    private func replay(
        _ entries: JournalEntries,
        _ projection: Projection,
        _ end: ReplayEnd,
        onto milvus: MilvusSettings
    ) async throws -> ReplayStatus {
        let logger = Logger(label: "flightlog.restore") { _ in SilentLogHandler() }
        let shown = shown
        return try await milvus.connection().carried { connection in
            let target = MilvusTarget(connection)
            // A target that is away from the start is told at once; one that goes away is waited for.
            _ = try await target.describe()
            let replayer = Replayer(
                source: entries,
                target: target,
                store: InMemoryCheckpoints(),
                projection: projection,
                end: end,
                options: ReplayOptions(refusesExistingRows: true),
                logger: logger
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await RestoreProgress(shown).watch(replayer) }
                defer { group.cancelAll() }
                try await replayer.run()
            }
            return replayer.status
        }
    }
}
