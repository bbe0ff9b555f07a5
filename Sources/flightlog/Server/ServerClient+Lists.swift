internal import ControlPlane
internal import FoundationEssentials

extension ServerClient {
    /// Every source.
    func sources() throws -> [SourceDocument] {
        try pages("/v1/sources", as: SourceList.self, next: \.nextPageToken).flatMap(\.sources)
    }

    /// Every task, oldest first.
    func tasks() throws -> [TaskDocument] {
        try pages("/v1/tasks", as: ControlPlane.TaskList.self, next: \.nextPageToken)
            .flatMap(\.tasks)
    }

    /// Every restore point.
    func points() throws -> [PointDocument] {
        try pages("/v1/points", as: PointList.self, next: \.nextPageToken).flatMap(\.points)
    }
}

extension StandardStream {
    /// Writes a document as the server writes it: JSON on one line.
    func line(document: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try line(String(decoding: try encoder.encode(document), as: UTF8.self))
    }
}
