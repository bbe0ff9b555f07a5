internal import Catalog
internal import HTTPTypes
internal import Hummingbird

/// The ETag of a task: which state of which task an answer shows, and a change is meant for.
enum TaskTag {
    /// Without the quotes that stand around it in a header.
    static func text(of version: TaskVersion) -> String {
        "\(version.createdAt)-\(version.revision)"
    }

    /// What a text stands for; nil for what is no tag of ours.
    static func version(_ text: some StringProtocol) -> TaskVersion? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let created = Int64(parts[0]), let revision = Int64(parts[1]),
            created >= 0, revision > 0
        else { return nil }
        return TaskVersion(createdAt: created, revision: revision)
    }
}

extension Request {
    /// The states of a task that `If-Match` names; nil where it is not there or is `*`, which means any.
    ///
    /// What is no tag of ours matches nothing.
    var expectedVersions: [TaskVersion]? {
        guard let header = headers[.ifMatch] else { return nil }
        let tags = header.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
        guard tags != ["*"] else { return nil }
        return tags.compactMap { tag in
            guard tag.count > 2, tag.first == "\"", tag.last == "\"" else { return nil }
            return TaskTag.version(tag.dropFirst().dropLast())
        }
    }
}

extension JSONAnswer where Document == TaskDocument {
    /// A task, with its tag as a header too.
    init(_ task: TaskDocument, isNew: Bool = false) {
        self.init(
            document: task,
            status: isNew ? .created : .ok,
            headers: [.eTag: "\"\(task.etag)\""]
        )
    }
}
