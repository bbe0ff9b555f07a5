internal import Operations

/// Lets go of a journal's oldest segments: a plan first, then the plan on disk, then the removal.
///
/// A crash anywhere leaves a journal that begins somewhat earlier than planned; the next opening, or the next
/// run, finishes.
package struct Retention: Sendable {
    private let directory: JournalDirectory
    private let decoder = FrameDecoder()

    package init(at directory: String, storage: any Storage = PosixStorage()) {
        self.init(JournalDirectory(path: directory, storage: storage))
    }

    init(_ directory: JournalDirectory) { self.directory = directory }

    /// What a policy lets go; changes nothing.
    ///
    /// - Parameters:
    ///   - policy: What is kept.
    ///   - now: Milliseconds since 1970.
    /// - Returns: The plan; empty where everything stays.
    /// - Throws: `JournalError`: `notFound` for a pin that is overridden and is not there; `corrupt` for a
    ///   pin that cannot be read, since it may need anything; `io`.
    package func plan(_ policy: RetentionPolicy, now: Int64) throws -> RetentionPlan {
        let reader = try JournalReader.open(at: directory.path, storage: directory.storage)
        let pins = try JournalPins(directory).all()
        for name in policy.overridden where !pins.contains(where: { $0.description == name }) {
            throw JournalError(.notFound, "The journal \(directory.path) has no pin \(name).")
        }
        let holding = pins.filter {
            !$0.isExpired(at: now) && !policy.overridden.contains($0.description)
        }
        let segments = try reader.segments()
        var plan = RetentionPlan(
            journal: reader.identity.journal,
            removals: [],
            overridden: policy.overridden,
            holder: nil,
            heldBytes: 0
        )
        var kept = segments.reduce(0) { $0 + $1.fileBytes }
        for segment in segments.dropLast() {
            let isOld = policy.ageMaxMilliseconds.map {
                now - segment.resolved.unixMilliseconds > $0
            }
            let isTooMuch = policy.sizeMaxBytes.map { kept > $0 }
            guard isOld == true || isTooMuch == true else { break }
            kept -= segment.fileBytes
            // A pin that begins behind the segment does not need it; an empty segment holds nothing at all.
            plan.holder =
                plan.holder
                ?? holding.filter { $0.first <= segment.lastSequence }.min { $0.first < $1.first }
            guard plan.holder == nil else {
                plan.heldBytes += segment.fileBytes
                continue
            }
            plan.removals.append(
                RetentionPlan.Removal(
                    segment: segment.name,
                    id: segment.id,
                    bytes: segment.fileBytes,
                    lastSequence: segment.lastSequence,
                    resolved: segment.resolved
                )
            )
        }
        return plan
    }

    /// Carries a plan out under the journal's lock.
    ///
    /// - Throws: `JournalError`: `busy` while a writer is there, whose own retention this is then.
    package func execute(_ plan: RetentionPlan, now: Int64) throws {
        let lock = try JournalLock.take(directory)
        try withExtendedLifetime(lock) { try carryOut(plan, now: now) }
    }

    /// Carries a plan out; the caller has the lock.
    ///
    /// Harmless to repeat.
    ///
    /// - Throws: `JournalError`: `corrupt` where what would be left could not be read from its start.
    func carryOut(_ plan: RetentionPlan, now: Int64) throws {
        guard !plan.removals.isEmpty else { return }
        try directory.put(plan.text, at: directory.retention, in: directory.path)
        try finish(plan, now: now)
    }

    /// Finishes a plan that an earlier writer began; what is wrong with it is left to the next run.
    func resume(now: Int64) throws {
        guard let text = try directory.text(RetentionPlan.title, at: directory.retention) else {
            return
        }
        let plan: RetentionPlan
        do {
            plan = try RetentionPlan(text)
        } catch {
            throw JournalError(error, at: 0, of: directory.retention)
        }
        try finish(plan, now: now)
    }

    private func finish(_ plan: RetentionPlan, now: Int64) throws {
        // Somebody may need today what nobody needed when the plan was made.
        let holding = try JournalPins(directory).all().filter {
            !$0.isExpired(at: now) && !plan.overridden.contains($0.description)
        }
        let removals = plan.removals.prefix { removal in
            !holding.contains { $0.first <= removal.lastSequence }
        }
        try expectReadableRest(behind: removals, of: plan.journal)
        for removal in removals {
            guard let name = try directory.segments().first, name.description == removal.segment
            else { continue }
            guard try Segment.open(name, in: directory, for: .reading).header.segment == removal.id
            else {
                throw JournalError(
                    .refused,
                    "\(name) is another segment than the one that was to be removed."
                )
            }
            // One name at a time: the ordinals never have a gap, whatever a crash leaves.
            try directory.remove(directory.path(of: name), in: directory.path)
        }
        for pin in try JournalPins(directory).all() where plan.overridden.contains(pin.description)
        {
            try JournalPins(directory).remove(pin.kind, pin.name)
        }
        try directory.remove(directory.retention, in: directory.path)
    }

    /// Holds the first segment that stays against its checksums: with the ones before it, what was defined so
    /// far is known from there alone.
    private func expectReadableRest(
        behind removals: ArraySlice<RetentionPlan.Removal>,
        of journal: JournalID
    ) throws {
        guard let last = removals.last else { return }
        guard
            let name = try directory.segments().first(where: { $0.description > last.segment })
        else {
            throw JournalError(.refused, "A journal's last segment is never removed.")
        }
        let segment = try Segment.open(name, in: directory, for: .reading)
        guard segment.header.journal == journal else {
            throw JournalError(
                .refused,
                "The plan in \(directory.retention) is of another journal."
            )
        }
        _ = try SegmentWalk(segment, limit: 0, decoder: decoder)
    }
}

extension JournalWriter {
    /// Lets go of what a policy does not keep, while the journal is being written.
    ///
    /// - Returns: What was done.
    /// - Throws: `JournalError`.
    package func trim(_ policy: RetentionPolicy, now: Int64) throws -> RetentionPlan {
        let retention = Retention(directory)
        let plan = try retention.plan(policy, now: now)
        try retention.carryOut(plan, now: now)
        return plan
    }
}
