package import Operations

/// A place in a journal from which entries are read on.
///
/// A value: a copy reads on from the same place by itself.
package struct JournalCursor: Sendable {
    /// Definitions in force at the cursor's place: just before the next entry.
    package private(set) var definitions: Definitions
    /// The last entry before the cursor.
    package private(set) var sequence: SequenceNumber
    /// The last committed batch that lies wholly before the cursor.
    package var passed: JournalHead { walk.point.head }

    private let horizon: JournalHorizon
    private let decoder: FrameDecoder
    private let recent: RecentFrames
    private let indexes: SeekIndexes
    private var walk: SegmentWalk

    /// Places a cursor.
    ///
    /// Frames before it are passed by their headers; only those with definitions are read.
    init(
        _ place: Place,
        horizon: JournalHorizon,
        decoder: FrameDecoder,
        recent: RecentFrames,
        indexes: SeekIndexes
    ) throws {
        self.horizon = horizon
        self.decoder = decoder
        self.recent = recent
        self.indexes = indexes
        let edge = try horizon.edge()
        let segment = try place.segment(in: horizon.directory, through: edge.ordinal)
        walk = try indexes.start(of: segment, decoder: decoder)
        definitions = walk.openingDefinitions
        sequence = walk.point.head.sequence
        let limit = try committedBytes(of: segment, edge)
        walk.extend(to: limit)
        try jump(towards: place, limit, isSealed: segment.name.ordinal < edge.ordinal)
        try skip(to: place)
        let last = SequenceNumber(rawValue: walk.nextSequence.rawValue - 1)
        guard case .after(let wanted) = place else { return }
        guard last >= wanted || !walk.isAtLimit else {
            throw JournalError(
                .notFound,
                "The journal \(horizon.directory.path) ends with entry \(last); entry \(wanted) is not "
                    + "there yet."
            )
        }
    }

    /// The next entries; nil when nothing more is committed now.
    ///
    /// Call again later.
    ///
    /// - Throws: `JournalError`: `corrupt` at damage, `notFound` if retention has overtaken the cursor, `io`.
    ///   The cursor stays where it is.
    package mutating func next() throws -> JournalPiece? {
        while true {
            guard try goOn() else { return nil }
            if let piece = try checked({ try $0.piece() }) { return piece }
        }
    }

    /// Reads one frame; nil if it holds nothing for readers.
    private mutating func piece() throws -> JournalPiece? {
        guard let step = try walk.next() else { return nil }
        switch step.header.kind {
        case .opening, .footer: return nil
        case .commit: return JournalPiece(entries: [], commit: walk.point.head)
        case .entries: break
        }
        let entries = try recent.entries(
            at: RecentFrames.Place(walk.segment.header, offset: step.offset),
            byteCount: step.header.rawBytes
        ) { try EntryRecord.entries(in: try walk.raw(step), of: step.header) }
        // Behind a batch's last entries its commit follows; within what is committed it is there.
        if try walk.peek()?.kind == .commit { _ = try walk.next() }
        let isWhole = step.header.firstSequence > sequence
        let rest = isWhole ? entries : entries.filter { $0.sequence > sequence }
        sequence = step.header.lastSequence
        if step.header.holdsDefinitions { rest.forEach { definitions.apply($0.operation) } }
        let isLast = walk.point.head.batch == step.header.batch
        return JournalPiece(entries: rest, commit: isLast ? walk.point.head : nil)
    }

    /// Sees to it that a committed frame lies ahead; false if there is none now.
    private mutating func goOn() throws -> Bool {
        while walk.isAtLimit {
            let edge = try horizon.edge()
            walk.extend(to: try committedBytes(of: walk.segment, edge))
            guard walk.isAtLimit else { return true }
            guard walk.segment.header.ordinal < edge.ordinal else {
                if let damage = edge.damage { throw damage }
                return false
            }
            let next = try segment(behind: walk.segment)
            try SegmentChain.check(next, follows: walk.segment)
            let opened = try SegmentWalk(next, limit: 0, decoder: decoder)
            guard opened.nextSequence == walk.nextSequence, opened.point.chain == walk.point.chain
            else {
                throw JournalError(
                    .corrupt,
                    "\(next.name) begins with entry \(opened.nextSequence), but \(walk.segment.name) "
                        + "ends before entry \(walk.nextSequence)."
                )
            }
            walk = opened
        }
        return true
    }

    /// Passes what the segment's index allows to pass.
    private mutating func jump(towards place: Place, _ limit: Int, isSealed: Bool) throws {
        let (segment, decoder, indexes) = (walk.segment, decoder, indexes)
        try checked { cursor in
            let index = try indexes.index(
                of: segment,
                committedBytes: limit,
                isSealed: isSealed,
                towards: place,
                decoder: decoder
            )
            guard let index, let commit = place.commit(in: index) else { return }
            for frame in index.definitionFrames where frame.offset < commit.offset {
                for entry in try cursor.walk.entries(of: frame) {
                    cursor.definitions.apply(entry.operation)
                }
            }
            try cursor.walk.jump(behind: commit)
        }
    }

    /// Passes everything before a place.
    private mutating func skip(to place: Place) throws {
        while try checked({ cursor in
            guard let header = try cursor.walk.peek(),
                place.isBehind(header) || header.kind == .footer,
                let step = try cursor.walk.next()
            else { return false }
            if step.header.kind == .entries, step.header.holdsDefinitions {
                let entries = try EntryRecord.entries(
                    in: try cursor.walk.raw(step),
                    of: step.header
                )
                entries.forEach { cursor.definitions.apply($0.operation) }
            }
            return true
        }) {}
        sequence = SequenceNumber(rawValue: walk.nextSequence.rawValue - 1)
        guard let header = try checked({ try $0.walk.peek() }), header.kind == .entries,
            place.mayLie(in: header)
        else { return }
        if case .after(let last) = place, !header.holdsDefinitions {
            sequence = last
            return
        }
        // The place may lie within a frame: what it defines before the place is in force.
        var ahead = walk
        try checked { cursor in
            guard let step = try ahead.next() else { return }
            let entries = try EntryRecord.entries(in: try ahead.raw(step), of: step.header)
            for entry in entries.prefix(while: { place.isBehind($0) }) {
                cursor.definitions.apply(entry.operation)
                cursor.sequence = entry.sequence
            }
        }
    }

    /// Where the committed part of a segment ends.
    private func committedBytes(of segment: Segment, _ edge: JournalHorizon.Edge) throws -> Int {
        guard segment.header.ordinal < edge.ordinal else { return edge.end }
        let next = try self.segment(behind: segment)
        return next.header.previous?.committedBytes ?? 0
    }

    private func segment(behind segment: Segment) throws -> Segment {
        let ordinal = segment.header.ordinal + 1
        let names = try horizon.directory.segments()
        if let name = names.first(where: { $0.ordinal == ordinal }) {
            return try Segment.open(name, in: horizon.directory, for: .reading)
        }
        let isOvertaken = names.first.map { $0.ordinal > ordinal } ?? true
        throw JournalError(
            isOvertaken ? .notFound : .corrupt,
            "The segment behind \(segment.name) is \(isOvertaken ? "no longer there" : "missing").",
            hint: "Restore it from the archive."
        )
    }

    /// Runs something that reads frames; after an error the place is as it was before.
    private mutating func checked<Value>(
        _ body: (inout JournalCursor) throws -> Value
    ) throws -> Value {
        let before = walk
        do {
            return try body(&self)
        } catch {
            defer { walk = before }
            if let failure = error as? StorageFailure {
                throw JournalError(failure, "Segment \(walk.segment.name) cannot be read")
            }
            throw JournalError(error, at: walk.touched, of: walk.segment.name.description)
        }
    }
}

// MARK: - Places

extension JournalCursor {
    /// Where a cursor begins.
    enum Place {
        case after(SequenceNumber)
        /// Behind everything up to a timestamp.
        case through(HybridTimestamp)

        /// The segment that holds the place.
        ///
        /// - Throws: `JournalError` with code `notFound`.
        func segment(
            in directory: JournalDirectory,
            through ordinal: UInt64
        ) throws -> Segment {
            let names = try directory.segments().filter { $0.ordinal <= ordinal }
            guard let first = names.first else { throw JournalHorizon.notFound(directory) }
            let hint = "Read it from the archive, or take a new baseline."
            switch self {
            case .after(let sequence):
                guard let name = names.last(where: { $0.firstSequence <= sequence.next }) else {
                    throw JournalError(
                        .notFound,
                        "The journal \(directory.path) begins with entry \(first.firstSequence); entry "
                            + "\(sequence.next) is no longer there.",
                        hint: hint
                    )
                }
                return try Segment.open(name, in: directory, for: .reading)
            case .through(let timestamp):
                // The last segment before which nothing is later than the timestamp.
                var (low, high) = (0, names.count)
                while low < high {
                    let middle = (low + high) / 2
                    let segment = try Segment.open(names[middle], in: directory, for: .reading)
                    if segment.header.resolved <= timestamp {
                        low = middle + 1
                    } else {
                        high = middle
                    }
                }
                guard low > 0 else {
                    throw JournalError(
                        .notFound,
                        "The journal \(directory.path) begins after tso \(timestamp).",
                        hint: hint
                    )
                }
                return try Segment.open(names[low - 1], in: directory, for: .reading)
            }
        }

        /// The last commit of an index that lies before the place.
        func commit(in index: SegmentIndex) -> SegmentIndex.Commit? {
            switch self {
            case .after(let sequence): index.commit(through: sequence)
            case .through(let timestamp): index.commit(resolvedBy: timestamp)
            }
        }

        /// Whether the place lies behind the whole of a frame.
        func isBehind(_ header: FrameHeader) -> Bool {
            switch self {
            case .after(let sequence): header.lastSequence <= sequence
            case .through(let timestamp): header.highTimestamp <= timestamp
            }
        }

        /// Whether it may lie within a frame that it is not behind.
        func mayLie(in header: FrameHeader) -> Bool {
            switch self {
            case .after(let sequence): header.firstSequence <= sequence
            case .through(let timestamp): header.lowTimestamp <= timestamp
            }
        }

        /// Whether it lies behind an entry.
        func isBehind(_ entry: Entry) -> Bool {
            switch self {
            case .after(let sequence): entry.sequence <= sequence
            case .through(let timestamp): entry.timestamp <= timestamp
            }
        }
    }
}
