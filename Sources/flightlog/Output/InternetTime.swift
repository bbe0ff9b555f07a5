/// A time of the wall clock, shown as RFC 3339 writes it.
struct InternetTime: Hashable, Sendable, CustomStringConvertible {
    let unixMilliseconds: Int64

    init(unixMilliseconds: Int64) { self.unixMilliseconds = unixMilliseconds }

    /// In UTC, with milliseconds.
    var description: String {
        let (days, inDay) = InternetTime.divide(unixMilliseconds, by: 86_400_000)
        let (year, month, day) = InternetTime.date(daysSince1970: days)
        let seconds = inDay / 1000
        func pad(_ value: Int64, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))T"
            + "\(pad(seconds / 3600, 2)):\(pad(seconds / 60 % 60, 2)):\(pad(seconds % 60, 2))"
            + ".\(pad(inDay % 1000, 3))Z"
    }

    /// The civil calendar: years begin in March, so that the leap day is the last of one, and 400 years (an
    /// era) are always 146,097 days.
    private static func date(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = divide(days + 719_468, by: 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    /// Division that rounds down, with the rest.
    private static func divide(_ value: Int64, by divisor: Int64) -> (Int64, Int64) {
        let quotient = value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
        return (quotient, value - quotient * divisor)
    }
}
