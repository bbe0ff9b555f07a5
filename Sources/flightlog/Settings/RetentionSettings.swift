internal import Journal

/// How much of a journal is kept.
struct RetentionSettings: Hashable, Sendable {
    static let keys = ["age", "size"]

    var age: TimeSpan?
    var size: ByteCount?

    init(_ section: SettingsSection) throws(SettingsFailure) {
        if let text = try section.text("age") {
            guard let age = TimeSpan(text) else {
                throw section.failure("age", "is \"\(text)\", which is not \(TimeSpan.rule)")
            }
            self.age = age
        }
        if let text = try section.text("size") {
            guard let size = ByteCount(text) else {
                throw section.failure("size", "is \"\(text)\", which is not \(ByteCount.rule)")
            }
            self.size = size
        }
    }

    /// What the journal is told.
    var policy: RetentionPolicy {
        RetentionPolicy(ageMaxMilliseconds: age?.milliseconds, sizeMaxBytes: size?.bytes)
    }
}
