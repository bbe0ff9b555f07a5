internal import Operations

/// The open `HEAD` of a journal that is being written.
struct HeadFile: Sendable {
    private let file: any StorageFile
    private var slot: Int

    /// Takes over a head file; the slot written next is the older one.
    init(_ file: any StorageFile) throws(StorageFailure) {
        self.file = file
        let bytes = try file.read(at: 0, count: HeadRecord.fileSize)
        let newest = HeadRecord.newest(in: bytes)
        let slots = HeadRecord.slotOffsets.map { HeadRecord.slot(at: $0, of: bytes) }
        slot = newest != nil && slots[0] == newest ? 1 : 0
        if bytes.count < HeadRecord.fileSize {
            // Full length from the start, so that publishing never needs room on the disk.
            let missing = HeadRecord.fileSize - bytes.count
            try file.write(Array(repeating: 0, count: missing), at: bytes.count)
        }
    }

    /// Overwrites the older slot.
    mutating func write(_ record: HeadRecord) throws(StorageFailure) {
        try file.write(record.encoded(), at: HeadRecord.slotOffsets[slot])
        slot = 1 - slot
    }

    /// Makes the present content durable.
    func sync() throws(StorageFailure) { try file.sync() }
}

extension JournalDirectory {
    /// The newest record of `HEAD`; nil if there is none.
    func newestHead() throws -> HeadRecord? {
        do {
            let file = try storage.open(head, for: .reading)
            return HeadRecord.newest(in: try file.read(at: 0, count: HeadRecord.fileSize))
        } catch  where error.code == .notFound {
            return nil
        } catch {
            throw JournalError(error, "The journal's HEAD cannot be read")
        }
    }
}
