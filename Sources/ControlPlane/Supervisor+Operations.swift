internal import Catalog
internal import Replay

// Long work, whatever it does.

extension Supervisor {
    /// Every operation, oldest first.
    func operationDocuments() async throws -> [OperationDocument] {
        try await catalog.operations().map { document(of: $0) }
    }

    /// One operation.
    ///
    /// - Throws: `Trouble` of kind `notFound`.
    func operationDocument(_ id: String) async throws -> OperationDocument {
        document(of: try await operation(id))
    }

    /// Ends an operation where it is.
    ///
    /// One that was cancelled before stays so.
    /// - Throws: `Trouble` of kind `notFound`, or `conflict` where it has ended.
    func cancelOperation(_ id: String) async throws -> OperationDocument {
        document(of: try await cancel(try await operation(id)))
    }

    /// The catalog's operation of an id, of one kind or of any.
    ///
    /// - Throws: `Trouble` of kind `notFound`.
    func operation(_ id: String, _ kind: String? = nil) async throws -> LongOperation {
        if let known = try? TaskID(id), let operation = try await catalog.operation(known),
            kind.map({ $0 == operation.kind }) ?? true
        {
            return operation
        }
        throw Trouble(.notFound, "There is no \(kind ?? "operation") \(id).")
    }

    func cancel(_ operation: LongOperation) async throws -> LongOperation {
        let cancelled = try await catalog.updateOperation(operation.id, state: .cancelled)
        guard cancelled.state == .cancelled else {
            throw Trouble(
                .conflict,
                "The \(operation.kind) \(operation.id) is \(cancelled.state.rawValue) already."
            )
        }
        let runner = restores.removeValue(forKey: operation.id)
        runner?.stop()
        await runner?.ended()
        if operation.state == .running {
            try await catalog.note(
                CatalogEvent(
                    kind: "\(operation.kind).cancelled",
                    message: "The \(operation.kind) \(operation.id) was cancelled."
                )
            )
        }
        return cancelled
    }

    func document(of operation: LongOperation) -> OperationDocument {
        let stored = try? RestoreProgress(json: operation.progress)
        return OperationDocument(
            operation,
            progress: operation.state == .done ? 1 : stored?.fraction
        )
    }
}
