internal import Catalog
internal import Journal

extension Supervisor {
    /// Looks at what this server needs of its own machine, and tells how its sources are.
    func health() async -> Health {
        var checks = [await catalogCheck()]
        if let data {
            checks.append(
                Health.Check(
                    name: "lock",
                    detail: data.isHeld ? "held on \(data.path)" : "no longer held on \(data.path)",
                    isGood: data.isHeld
                )
            )
        }
        for source in sources {
            checks.append(source.journalCheck)
            checks.append(source.stateCheck)
        }
        return Health(checks: checks)
    }

    private func catalogCheck() async -> Health.Check {
        do {
            try await catalog.expectWritable()
            return Health.Check(name: "catalog", detail: "writable", isGood: true)
        } catch {
            return Health.Check(name: "catalog", detail: "\(error)", isGood: false)
        }
    }
}

extension SourceRunner {
    /// Whether the journal takes what is read.
    fileprivate var journalCheck: Health.Check {
        let name = "journal \(plan.name)"
        guard let journal else {
            let why = document(now: WallClock.now).lastError ?? "It is not open."
            return Health.Check(name: name, detail: why, isGood: false)
        }
        if let refusal = journal.refusal {
            return Health.Check(name: name, detail: refusal.message, isGood: false)
        }
        do {
            let free = try PosixStorage().freeBytes(directory: directory)
            let isRoom = free >= plan.journal.reserveBytes
            let room = "\(free >> 20) MiB free"
            return Health.Check(
                name: name,
                detail: isRoom ? "writable, \(room)" : "full, \(room)",
                isGood: isRoom
            )
        } catch {
            return Health.Check(name: name, detail: "\(error)", isGood: false)
        }
    }

    fileprivate var stateCheck: Health.Check {
        let document = document(now: WallClock.now)
        let error = document.lastError.map { ": \($0)" } ?? ""
        return Health.Check(
            name: "source \(plan.name)",
            detail: document.state.rawValue + error,
            isGood: document.state == .running,
            isOptional: true
        )
    }
}
