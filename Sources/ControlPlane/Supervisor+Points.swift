internal import Catalog
internal import Journal
internal import Logging
internal import Operations
internal import Replay

// Restore points. They stand in the source's journal, so that a copy of it still knows them.

extension Supervisor {
    /// Every restore point, by source and then by time.
    package func pointDocuments() throws -> [PointDocument] {
        try sources.flatMap { source in
            try source.pins.all().filter { $0.kind == .point }
                .sorted { ($0.timestamp, $0.name) < ($1.timestamp, $1.name) }
                .map { PointDocument($0, of: source) }
        }
    }

    /// Names a moment.
    ///
    /// The same request again gives the same answer.
    ///
    /// - Throws: `Trouble` of kind `invalid`, `notFound` or `conflict`.
    package func createPoint(_ request: PointRequest) async throws -> PointDocument {
        try await makePoint(request).document
    }

    /// As `createPoint`, and says whether the point is a new one.
    func makePoint(
        _ request: PointRequest
    ) async throws -> (document: PointDocument, isNew: Bool) {
        guard let source = sources.first(where: { $0.plan.name == request.source }) else {
            throw Trouble(.notFound, "There is no source \(request.source).")
        }
        guard JournalPin.isName(request.name), request.name.utf8.count <= 128 else {
            throw Trouble(
                .invalid,
                "\"\(request.name)\" is no name for a restore point.",
                hint: "Use at most 128 letters, digits, \".\", \"_\" and \"-\"."
            )
        }
        let now = WallClock.now
        let timestamp = try request.at.map { try Self.moment($0) }
        let known = try pointDocuments().first { $0.name == request.name }
        if let known {
            guard known.source == request.source,
                timestamp.map({ $0.rawValue == known.tso }) == true
            else {
                throw Trouble(
                    .conflict,
                    "There is a restore point \(request.name) already, of source \(known.source)."
                )
            }
            return (known, false)
        }
        let pin = JournalPin(
            .point,
            request.name,
            first: try source.oldestSequence(),
            timestamp: timestamp ?? HybridTimestamp(endOfUnixMilliseconds: now),
            createdUnixMilliseconds: now
        )
        try source.pins.put(pin)
        try await note("point.created", source, "Restore point \(request.name) was created.")
        return (PointDocument(pin, of: source), true)
    }

    /// Forgets a restore point; what it kept from retention may go then.
    ///
    /// - Throws: `Trouble` of kind `notFound`.
    package func deletePoint(_ name: String) async throws {
        for source in sources where try source.pins.pin(.point, name) != nil {
            try source.pins.remove(.point, name)
            try await note("point.deleted", source, "Restore point \(name) was deleted.")
            return
        }
        throw Trouble(.notFound, "There is no restore point \(name).")
    }

    /// A moment as a person writes it.
    private static func moment(_ text: String) throws -> HybridTimestamp {
        guard case .timestamp(let timestamp)? = try? RestoreGoal(text) else {
            throw Trouble(
                .invalid,
                "\"\(text)\" is no moment.",
                hint: "Write tso:N, or a time such as 2024-05-01T10:00:00Z."
            )
        }
        return timestamp
    }

    /// Logs and notes what happened to something of a source.
    func note(_ kind: String, _ source: SourceRunner, _ sentence: String) async throws {
        logger.notice("\(kind)", metadata: ["source": "\(source.plan.name)"])
        try await catalog.note(
            CatalogEvent(kind: kind, source: source.plan.name, task: nil, message: sentence)
        )
    }
}

extension PointDocument {
    fileprivate init(_ pin: JournalPin, of source: SourceRunner) {
        self.init(
            name: pin.name,
            source: source.plan.name,
            at: pin.timestamp,
            created: pin.createdUnixMilliseconds,
            isResolved: pin.timestamp <= source.head.tso
        )
    }
}
