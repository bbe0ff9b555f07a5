internal import Capture
internal import Catalog
internal import Journal
internal import Operations
internal import Replay

/// What went wrong, in the terms on which somebody acts: an operator, a script, the supervisor.
package struct Trouble: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of trouble it is, and with that who can do something about it.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// It passes without help: a peer that is away or busy.
        case unavailable
        /// Source history that is needed is no longer there.
        case gap
        /// Bytes that fail their checksum or cannot be decoded.
        case corrupt
        /// A peer refuses us, or is not one that we can work with.
        case refused
        /// Somebody else holds a lock.
        case busy
        /// The disk.
        case inputOutput
        case notFound
        /// Something of that name is there already and is different.
        case conflict
        /// It is no longer in the state that was spoken of.
        case changed
        /// What was asked for cannot be.
        case invalid
        /// What the configuration says cannot be.
        case configuration
        /// A part that is not there yet.
        case notBuilt
        /// Anything else.
        case failed
    }

    package let kind: Kind
    /// One sentence.
    package let message: String
    /// What to do about it, as one sentence.
    package let hint: String?
    /// Whether the same may succeed later without anybody's help.
    package let isTransient: Bool

    /// Where nothing is said of `isTransient`, only what is unavailable passes by itself.
    package init(
        _ kind: Kind,
        _ message: String,
        hint: String? = nil,
        isTransient: Bool? = nil
    ) {
        self.kind = kind
        self.message = message
        self.hint = hint
        self.isTransient = isTransient ?? (kind == .unavailable)
    }

    package var description: String { message }
}

extension Trouble {
    /// What an error of a room means.
    package init(_ error: any Error) {
        switch error {
        case let trouble as Trouble: self = trouble
        case let error as JournalError:
            self.init(
                Kind(error.code),
                error.message,
                hint: error.hint,
                isTransient: error.isTransient
            )
        case let error as CatalogError:
            self.init(Kind(error.code), error.message, isTransient: error.isTransient)
        case let failure as StorageFailure: self.init(.inputOutput, failure.description)
        case let error as ReplayError:
            self.init(Kind(error.code), error.message, hint: error.hint)
        case let failure as CodingFailure:
            self.init(.corrupt, "The journal holds \(failure.description).")
        case let failure as LogFailure:
            let kind = Kind(failure.code)
            self.init(
                kind,
                failure.message,
                hint: kind == .gap
                    ? "The journal keeps what it has; with its directory renamed, a new one begins at what is left."
                    : nil
            )
        case let failure as MetadataFailure: self.init(Kind(failure.code), failure.message)
        case let failure as TargetFailure: self.init(Kind(failure.code), failure.message)
        default: self.init(.failed, "\(error)")
        }
    }
}

extension Trouble.Kind {
    fileprivate init(_ code: JournalError.Code) {
        self =
            switch code {
            case .corrupt: .corrupt
            case .notFound: .notFound
            case .busy: .busy
            case .io, .full, .stopped: .inputOutput
            case .refused: .refused
            }
    }

    fileprivate init(_ code: CatalogError.Code) {
        self =
            switch code {
            case .corrupt: .corrupt
            case .newer: .refused
            case .notFound: .notFound
            case .exists: .conflict
            case .changed: .changed
            case .refused: .invalid
            case .busy: .busy
            case .io: .inputOutput
            }
    }

    fileprivate init(_ code: ReplayError.Code) {
        self =
            switch code {
            case .invalid: .invalid
            case .notFound: .notFound
            case .unauthorized, .refused: .refused
            case .conflict: .conflict
            case .gap: .gap
            }
    }

    fileprivate init(_ code: LogFailure.Code) {
        self =
            switch code {
            case .offsetOutOfRange: .gap
            case .unavailable: .unavailable
            case .corrupt: .corrupt
            case .refused: .refused
            }
    }

    fileprivate init(_ code: MetadataFailure.Code) {
        self =
            switch code {
            case .compacted: .gap
            case .unavailable: .unavailable
            case .corrupt: .corrupt
            case .refused: .refused
            }
    }

    fileprivate init(_ code: TargetFailure.Code) {
        self =
            switch code {
            case .transient: .unavailable
            case .conflict: .conflict
            case .unsupported, .rejected: .failed
            case .absent: .notFound
            case .unauthorized, .forbidden: .refused
            }
    }
}
