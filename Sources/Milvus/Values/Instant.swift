/// A moment of a Timestamptz field: microseconds since 1970, UTC.
///
/// The log holds the number, requests and answers hold ISO 8601 text.
/// Source: `pkg/util/timestamptz/timestamptz.go` of Milvus 2.6.
struct Instant: Hashable, Sendable {
    let microseconds: Int64

    init(microseconds: Int64) { self.microseconds = microseconds }

    /// The text in UTC, with no more digits behind the second than there are: `2025-03-01T00:00:00.5Z`.
    ///
    /// Years that four digits cannot hold have a sign, and six digits or more.
    var text: String { CivilTime(microseconds).text + "Z" }

    /// The text as a server takes it, whose years have four digits; nil if there is none.
    ///
    /// Servers read offsets from −12 to +14 hours, so the half days next to year 0 and year 9999, which
    /// clients can reach by such offsets, are written by the same means.
    var requestText: String? {
        for (hours, mark) in [(Int64(0), "Z"), (14, "+14:00"), (-12, "-12:00")] {
            let (local, isTooFar) = microseconds.addingReportingOverflow(hours * 3_600_000_000)
            guard isTooFar == false else { continue }
            let civil = CivilTime(local)
            if (0...9999).contains(civil.year) { return civil.text + mark }
        }
        return nil
    }
}

extension Instant {
    /// Reads ISO 8601 text with an offset, as servers answer; nil if it is none.
    ///
    /// Digits behind the microsecond are left out, as servers do.
    init?(text: String) {
        var scanner = InstantScanner(text)
        guard let local = scanner.civilTime(), let offset = scanner.offset(), scanner.isAtEnd else {
            return nil
        }
        // Counted from the second nearer to 1970, so that the very first moment does not overflow on the way.
        let seconds = local.secondsSinceEpoch - offset
        let isBefore = seconds < 0
        let (whole, isTooFar) = (isBefore ? seconds + 1 : seconds)
            .multipliedReportingOverflow(by: 1_000_000)
        let (sum, isBeyond) = whole.addingReportingOverflow(
            isBefore ? local.microsecond - 1_000_000 : local.microsecond
        )
        guard isTooFar == false, isBeyond == false else { return nil }
        microseconds = sum
    }
}
