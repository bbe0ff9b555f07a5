internal import FoundationEssentials
internal import GRDB

/// A row of `tasks`.
struct TaskRecord: Codable, FetchableRecord, PersistableRecord {
    static let databaseTableName = "tasks"

    let id: String
    let source: String
    let target: String
    let target_options: String
    let include: String
    let exclude: String
    let rename: String
    let left_out: String
    let start: String
    let on_error: String
    let wanted_state: String
    let revision: Int64
    let created_at: Int64
    let updated_at: Int64

    init(_ task: ReplicationTask) throws {
        id = task.id.rawValue
        source = task.source
        target = task.target
        target_options = try JSONText.encode(task.targetOptions)
        include = try JSONText.encode(task.include)
        exclude = try JSONText.encode(task.exclude)
        rename = try JSONText.encode(task.rename)
        left_out = try JSONText.encode(task.leftOut)
        start = task.start
        on_error = task.onError.rawValue
        wanted_state = task.wantedState.rawValue
        revision = task.revision
        created_at = task.createdAt
        updated_at = task.updatedAt
    }

    func task() throws -> ReplicationTask {
        guard let wanted = ReplicationTask.WantedState(rawValue: wanted_state) else {
            throw CatalogError(.corrupt, "The task \(id) has the wanted state “\(wanted_state)”.")
        }
        guard let onError = ReplicationTask.OnError(rawValue: on_error) else {
            throw CatalogError(.corrupt, "The task \(id) has the policy “\(on_error)” for errors.")
        }
        var task = ReplicationTask(
            id: TaskID(stored: id),
            source: source,
            target: target,
            targetOptions: try JSONText.decode(target_options),
            include: try JSONText.decode(include),
            exclude: try JSONText.decode(exclude),
            rename: try JSONText.decode(rename),
            leftOut: try JSONText.decode(left_out),
            start: start,
            onError: onError,
            wantedState: wanted
        )
        (task.revision, task.createdAt, task.updatedAt) = (revision, created_at, updated_at)
        return task
    }
}

/// Lists and dictionaries as the catalog keeps them.
enum JSONText {
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func decode<Value: Decodable>(_ text: String) throws -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch {
            throw CatalogError(.corrupt, "“\(text)” is not the JSON it should be.", cause: error)
        }
    }
}
