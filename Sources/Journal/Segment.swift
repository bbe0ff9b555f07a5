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
        let (header, file) = try header(of: name, in: directory, for: access)
        return Segment(name: name, header: header, file: file)
    }

    /// Opens a segment's file and holds its header against its name.
    ///
    /// - Throws: `JournalError`.
    static func header(
        of name: SegmentName,
        in directory: JournalDirectory,
        for access: StorageAccess
    ) throws -> (SegmentHeader, any StorageFile) {
        do {
            let file = try directory.storage.open(directory.path(of: name), for: access)
            let bytes = try file.read(at: 0, count: SegmentHeader.size)
            let header = try SegmentHeader(decoding: bytes)
            guard header.ordinal == name.ordinal, header.firstSequence == name.firstSequence else {
                throw FormatFailure(
                    "the header of segment \(header.ordinal) from sequence \(header.firstSequence)"
                )
            }
            return (header, file)
        } catch let failure as StorageFailure {
            throw JournalError(failure, "Segment \(name) cannot be opened")
        } catch {
            throw JournalError(error, at: 0, of: name.description)
        }
    }
}
