internal import Catalog
internal import Journal
internal import Logging
internal import Operations

// What keeps journals from growing for ever.

extension Supervisor {
    /// How often journals are trimmed.
    static let tidyInterval = Duration.seconds(60)
    /// A pin of no task that is younger than this may be of one that is just being created.
    static let pinAgeMinMilliseconds: Int64 = 600_000

    /// Keeps the pins of tasks up to date and lets go of what the configuration does not keep, until it is
    /// cancelled.
    func keepTidy() async {
        while !Task.isCancelled {
            for source in sources { await tidy(source, now: WallClock.now) }
            try? await Task.sleep(for: Self.tidyInterval)
        }
    }

    /// One round for one source; what fails is told once, and tried again.
    func tidy(_ source: SourceRunner, now: Int64) async {
        do {
            try await refreshPins(of: source, now: now)
            guard let plan = try source.trim(now: now) else { return }
            untidy[source.plan.name] = nil
            guard let first = plan.firstKept else { return }
            let sentence =
                "The journal of \(source.plan.name) was trimmed by \(plan.bytes >> 20) MiB in "
                + "\(plan.removals.count) segments; it begins with entry \(first)."
            logger.notice("journal trimmed", metadata: ["source": "\(source.plan.name)"])
            try await catalog.note(
                CatalogEvent(
                    kind: "journal.trimmed",
                    source: source.plan.name,
                    task: nil,
                    message: sentence
                )
            )
        } catch {
            let trouble = Trouble(error)
            guard untidy.updateValue(trouble, forKey: source.plan.name) != trouble else { return }
            logger.warning(
                "a journal was not trimmed",
                metadata: ["source": "\(source.plan.name)", "error": "\(trouble.message)"]
            )
        }
    }

    /// Pins what each task still needs.
    ///
    /// The pins may lag behind: checkpoints only go forward, so an old one keeps more.
    private func refreshPins(of source: SourceRunner, now: Int64) async throws {
        let pins = source.pins
        let held = try pins.all().filter { $0.kind == .task }
        let tasks = try await catalog.tasks().filter { $0.source == source.plan.name }
        for task in tasks {
            let name = task.id.rawValue
            let checkpoint = try await catalog.checkpoint(of: task.id)
            let parked = checkpoint?.parked.map(\.sequence).min()
            // A dead letter may be tried again, and what came after it tells what is newer.
            let refused = try await catalog.firstDeadLetter(of: task.id)
            let next = checkpoint?.sequence.next ?? SequenceNumber.zero.next
            let first = min(next, parked ?? next, refused ?? next)
            guard held.first(where: { $0.name == name })?.first != first else { continue }
            try pins.put(
                JournalPin(.task, name, first: first, createdUnixMilliseconds: now)
            )
        }
        for pin in held where !tasks.contains(where: { $0.id.rawValue == pin.name }) {
            guard now - pin.createdUnixMilliseconds > Self.pinAgeMinMilliseconds else { continue }
            try pins.remove(.task, pin.name)
        }
    }
}

extension SourceRunner {
    /// What others need of the journal.
    var pins: JournalPins { JournalPins(at: directory) }

    /// The oldest entry that the journal holds, or will hold.
    func oldestSequence() throws -> SequenceNumber {
        do {
            let oldest = try JournalReader.open(at: directory).segments().first
            return oldest?.firstSequence ?? SequenceNumber.zero.next
        } catch let error as JournalError where error.code == .notFound {
            return SequenceNumber.zero.next
        }
    }

    /// Lets go of what the configuration does not keep; nil where it keeps everything.
    func trim(now: Int64) throws -> RetentionPlan? {
        guard let policy = plan.retention, let journal else { return nil }
        return try journal.trim(policy, now: now)
    }
}
