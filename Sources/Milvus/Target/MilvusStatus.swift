internal import MilvusAPI
internal import Replay

extension Milvus_Proto_Common_Status {
    /// - Throws: `TargetFailure` unless it is success.
    func check(_ doing: String) throws {
        if let failure = failure(doing) { throw failure }
    }

    /// The failure it tells, in one line; nil for success.
    ///
    /// `doing` is what was tried, as the end of "Cannot …".
    func failure(_ doing: String) -> TargetFailure? {
        guard let meaning = TargetErrors.code(of: self) else { return nil }
        let number = code != 0 ? Int(code) : errorCode.rawValue
        let reason = reason.split(whereSeparator: \.isNewline).joined(separator: " ")
        return TargetFailure(
            code: meaning,
            message: "Cannot \(doing): \(reason) (Milvus code \(number)).",
            hadNoEffect: TargetErrors.wasTurnedAway(self)
        )
    }
}
