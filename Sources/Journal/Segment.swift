internal import Operations

/// An open segment whose header is sound.
struct Segment: Sendable {
    let name: SegmentName
    let header: SegmentHeader
    let file: any StorageFile
    /// With what the checksums of its frames begin.
    let seed: UInt32

    init(name: SegmentName, header: SegmentHeader, file: any StorageFile) {
        self.name = name
        self.header = header
        self.file = file
        seed = header.seed
    }

    /// Opens a segment and holds its header against its name.
    ///
    /// - Throws: `JournalError`.
    static func open(
        _ name: SegmentName,
        in directory: JournalDirectory,
        for access: StorageAccess
    ) throws -> Segment {
        do {
            let file = try directory.storage.open(directory.path(of: name), for: access)
            let bytes = try file.read(at: 0, count: SegmentHeader.size)
            let header = try SegmentHeader(decoding: bytes, of: name)
            return Segment(name: name, header: header, file: file)
        } catch let failure as StorageFailure {
            throw JournalError(failure, "Segment \(name) cannot be opened")
        }
    }
}

extension SegmentHeader {
    /// Decodes a header and holds it against the segment's name.
    ///
    /// - Throws: `JournalError`.
    init(decoding bytes: [UInt8], of name: SegmentName) throws {
        do {
            try self.init(decoding: bytes)
            guard ordinal == name.ordinal, firstSequence == name.firstSequence else {
                throw FormatFailure(
                    "the header of segment \(ordinal) from sequence \(firstSequence)"
                )
            }
        } catch {
            throw JournalError(error, at: 0, of: name.description)
        }
    }
}
