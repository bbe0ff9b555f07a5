/// A moment written as RFC 3339 says, to the millisecond: `2024-05-01T10:00:00Z`, `…10:00:00.250+02:00`.
///
/// Further digits of the second are cut off. A leap second counts as the last millisecond before the next
/// minute.
package struct InternetInstant: Hashable, Sendable {
    package let unixMilliseconds: Int64

    /// Nil for anything that is not such a moment, or that is no day of the calendar.
    package init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        guard let year = Self.number(&rest, digits: 4), Self.take(&rest, "-"),
            let month = Self.number(&rest, digits: 2), Self.take(&rest, "-"),
            let day = Self.number(&rest, digits: 2), Self.take(&rest, "Tt "),
            let hour = Self.number(&rest, digits: 2), Self.take(&rest, ":"),
            let minute = Self.number(&rest, digits: 2), Self.take(&rest, ":"),
            let second = Self.number(&rest, digits: 2),
            let fraction = Self.fraction(&rest), let offset = Self.offset(&rest), rest.isEmpty,
            (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        let seconds =
            Self.daysSince1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60
            - offset * 60
        let isLeapSecond = second == 60
        unixMilliseconds =
            (seconds + (isLeapSecond ? 59 : second)) * 1_000
            + (isLeapSecond ? 999 : fraction)
    }

    private static func take(_ rest: inout ArraySlice<UInt8>, _ choices: String) -> Bool {
        guard let first = rest.first, choices.utf8.contains(first) else { return false }
        rest.removeFirst()
        return true
    }

    private static func digit(_ byte: UInt8) -> Int64? {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            ? Int64(byte - UInt8(ascii: "0")) : nil
    }

    private static func number(_ rest: inout ArraySlice<UInt8>, digits: Int) -> Int64? {
        guard rest.count >= digits else { return nil }
        var value: Int64 = 0
        for _ in 0..<digits {
            guard let next = digit(rest.removeFirst()) else { return nil }
            value = value * 10 + next
        }
        return value
    }

    /// The milliseconds behind the point; zero if there is no point.
    private static func fraction(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        guard take(&rest, ".,") else { return 0 }
        var digits = 0
        var milliseconds: Int64 = 0
        while let byte = rest.first, let next = digit(byte) {
            if digits < 3 { milliseconds = milliseconds * 10 + next }
            digits += 1
            rest.removeFirst()
        }
        guard digits > 0 else { return nil }
        for _ in min(digits, 3)..<3 { milliseconds *= 10 }
        return milliseconds
    }

    /// Minutes east of UTC.
    private static func offset(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        if take(&rest, "Zz") { return 0 }
        let isWest = rest.first == UInt8(ascii: "-")
        guard take(&rest, "+-"), let hours = number(&rest, digits: 2), take(&rest, ":"),
            let minutes = number(&rest, digits: 2), hours < 24, minutes < 60
        else { return nil }
        return (hours * 60 + minutes) * (isWest ? -1 : 1)
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Counts years from March, so that a leap day is a year's last day.
    private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let marchYear = month > 2 ? year : year - 1
        let era = marchYear / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        // 719,468 days lie between the March that begins year 0 and January 1970.
        return era * 146_097 + dayOfEra - 719_468
    }
}
