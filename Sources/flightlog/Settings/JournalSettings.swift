internal import Journal

/// How a journal is written.
struct JournalSettings: Hashable, Sendable {
    static let keys = ["level", "segment_size", "segment_age"]

    /// What is said of the journal; the rest as it is unless told.
    let options: JournalOptions

    init(_ section: SettingsSection) throws(SettingsFailure) {
        var options = JournalOptions()
        if let level = try section.number("level") {
            guard (1...19).contains(level) else {
                throw section.failure("level", "is \(level), which is not a number from 1 to 19")
            }
            options.compressionLevel = Int32(level)
        }
        if let text = try section.text("segment_size") {
            guard let size = ByteCount(text) else {
                throw section.failure(
                    "segment_size",
                    "is \"\(text)\", which is not \(ByteCount.rule)"
                )
            }
            options.segmentSizeMaxBytes = size.bytes
        }
        if let text = try section.text("segment_age") {
            guard let age = TimeSpan(text) else {
                throw section.failure(
                    "segment_age",
                    "is \"\(text)\", which is not \(TimeSpan.rule)"
                )
            }
            options.segmentAgeMax = .milliseconds(age.milliseconds)
        }
        self.options = options
    }
}
