/// Whether what people rely on is safe: the answer of `flightlog status`, as JSON.
package struct Verdict: Codable, Hashable, Sendable {
    /// How good or bad it is.
    package enum Level: String, Codable, Hashable, Sendable {
        /// Everything is journalled, every target is up to date, nothing is missing.
        case safe
        /// Something waits, or is behind; nothing is lost.
        case degraded
        /// History is missing, or will be unless a person acts.
        case atRisk = "at_risk"
    }

    /// How far behind a target may be before it is told.
    package static let lagMaxSeconds = 60.0
    /// How little room may be left on a journal's disk before it is told.
    package static let diskFreeMinBytes = 1 << 30

    package var level: Level
    /// One sentence.
    package var sentence: String
    /// Everything that is not as it should be, worst first, each as one sentence.
    package var reasons: [String]

    /// `time` says how a source timestamp is shown.
    package init(
        sources: [SourceDocument],
        tasks: [TaskDocument],
        time: (UInt64) -> String
    ) {
        var risks: [String] = []
        var troubles: [String] = []
        if sources.isEmpty {
            risks.append("The configuration has no source, so nothing is journalled.")
        }
        for source in sources { source.tell(&risks, &troubles) }
        for task in tasks { task.tell(&risks, &troubles) }
        reasons = risks + troubles
        if let first = reasons.first {
            level = risks.isEmpty ? .degraded : .atRisk
            let more = reasons.count > 1 ? " (and \(reasons.count - 1) more)" : ""
            sentence = "\(risks.isEmpty ? "Degraded" : "At risk"): \(first.lowercasedFirst)\(more)"
        } else {
            level = .safe
            sentence = "Safe: \(Self.praise(sources, tasks, time))"
        }
    }

    private static func praise(
        _ sources: [SourceDocument],
        _ tasks: [TaskDocument],
        _ time: (UInt64) -> String
    ) -> String {
        let restorable = sources.map { source in
            guard let oldest = source.journal?.oldest, source.resolved.tso > 0 else {
                return "\(source.name) has nothing to restore yet"
            }
            return "\(source.name) can be restored to any moment from \(time(oldest.tso)) to "
                + time(source.resolved.tso)
        }
        let tenths = Int(((tasks.map(\.lagSeconds).max() ?? 0) * 10).rounded(.up))
        let targets =
            switch tasks.count {
            case 0: "no task replicates anything"
            case 1: "the one target is \(tenths / 10).\(tenths % 10) s behind"
            default:
                "all \(tasks.count) targets are at most \(tenths / 10).\(tenths % 10) s behind"
            }
        return (restorable + [targets, "there are no gaps"]).joined(separator: "; ") + "."
    }
}

extension SourceDocument {
    fileprivate func tell(_ risks: inout [String], _ troubles: inout [String]) {
        let why = lastError.map { ": \($0)" } ?? "."
        switch state {
        case .running: break
        case .failed: risks.append("Source \(name) is not read any more\(why)")
        case .gap: risks.append("Source \(name) has lost history\(why)")
        case .starting: troubles.append("Source \(name) is being reached.")
        case .retrying: troubles.append("Source \(name) does not answer\(why)")
        }
        if !gaps.isEmpty {
            let names = Set(gaps.map { "\($0.database ?? "?").\($0.collection ?? "*")" }).sorted()
            let count = gaps.count == 1 ? "1 gap" : "\(gaps.count) gaps"
            risks.append("\(count) in the history of \(name): \(names.joined(separator: ", ")).")
        }
        guard let journal else {
            if state == .running { risks.append("The journal of \(name) cannot be read.") }
            return
        }
        if journal.diskFreeBytes < Verdict.diskFreeMinBytes {
            risks.append("\(journal.diskFreeBytes >> 20) MiB are left for the journal of \(name).")
        }
        if state == .running, let lagSeconds, lagSeconds > Verdict.lagMaxSeconds {
            troubles.append("The journal of \(name) is \(Int(lagSeconds)) s behind its source.")
        }
    }
}

extension TaskDocument {
    fileprivate func tell(_ risks: inout [String], _ troubles: inout [String]) {
        let why = lastError.map { ": \($0)" } ?? "."
        switch state {
        case .running, .done: break
        case .failed: risks.append("Task \(id) has stopped\(why)")
        case .gap: risks.append("Task \(id) lacks history\(why)")
        case .paused: troubles.append("Task \(id) is paused, \(Int(lagSeconds)) s behind.")
        case .retrying: troubles.append("The target of task \(id) does not answer\(why)")
        case .parked:
            let lanes = parked.map(\.lane).joined(separator: ", ")
            troubles.append("Task \(id) waits for a person with \(lanes).")
        }
        if state == .running, lagSeconds > Verdict.lagMaxSeconds {
            troubles.append("The target of task \(id) is \(Int(lagSeconds)) s behind.")
        }
    }
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
