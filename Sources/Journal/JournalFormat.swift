internal import Operations

/// The constants of the file format; docs/JOURNAL-FORMAT.md says the same.
enum JournalFormat {
    /// The version this code writes; it reads no newer one.
    static let version = 1
    /// Frames begin at multiples of this, so that a search behind damage need not try every byte.
    static let alignmentBytes = 8
    /// What one entry may take: far more than a message of any source, and little enough to be read whole.
    static let entrySizeMaxBytes = 256 << 20
    /// What one frame may take, stored or not: entries are added to a frame until it has reached its
    /// target, so it holds at most a target and one entry.
    static let frameSizeMaxBytes = 512 << 20
    /// How far a frame's target may be set.
    static let frameTargetMaxBytes = 128 << 20

    /// No sequence number, batch or ordinal gets here; a larger one is made up.
    static let countMax: UInt64 = 1 << 62

    /// The next multiple of the alignment.
    static func aligned(_ size: Int) -> Int {
        (size + alignmentBytes - 1) / alignmentBytes * alignmentBytes
    }
}

/// Bytes of a journal that are not what they should be.
struct FormatFailure: Error, Hashable {
    /// Whether they are sound, but written by a newer version.
    var isNewer = false
    /// What was seen and what was expected, as a clause without a full stop.
    let reason: String

    init(_ reason: String, isNewer: Bool = false) {
        self.reason = reason
        self.isNewer = isNewer
    }

    /// What a decoder threw.
    init(_ error: any Error) {
        if let failure = error as? FormatFailure {
            self = failure
        } else if let failure = error as? CodingFailure {
            self.init(failure.description)
        } else if let failure = error as? ZstdFailure {
            self.init("a frame that zstd refuses with code \(failure.code)")
        } else {
            preconditionFailure("no decoder throws this: \(error)")
        }
    }
}
