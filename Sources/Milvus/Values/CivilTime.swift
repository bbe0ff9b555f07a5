/// A date and a time of day in the Gregorian calendar, which goes on before its beginning; the year 0 is the one
/// before the year 1.
struct CivilTime: Hashable {
    let year: Int64
    let month: Int64
    let day: Int64
    let hour: Int64
    let minute: Int64
    let second: Int64
    let microsecond: Int64

    private static let microsecondsPerDay: Int64 = 86_400_000_000
    /// Days of the 400 years after which the calendar repeats itself.
    private static let daysPerEra: Int64 = 146_097
    /// From March 1 of the year 0 to January 1, 1970.
    private static let daysBeforeEpoch: Int64 = 719_468

    /// The time that many microseconds after the beginning of 1970.
    init(_ microseconds: Int64) {
        let (days, rest) = Self.divided(microseconds, by: Self.microsecondsPerDay)
        // Years are counted from March, so that the day that some lack is the last.
        let (era, dayOfEra) = Self.divided(days + Self.daysBeforeEpoch, by: Self.daysPerEra)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / (Self.daysPerEra - 1))
            / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        hour = rest / 3_600_000_000
        minute = rest / 60_000_000 % 60
        second = rest / 1_000_000 % 60
        microsecond = rest % 1_000_000
    }

    /// Nil if there is no such day or time.
    init?(
        year: Int64,
        month: Int64,
        day: Int64,
        hour: Int64,
        minute: Int64,
        second: Int64,
        microsecond: Int64
    ) {
        guard (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day),
            (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
        self.microsecond = microsecond
    }

    /// Whole seconds since the beginning of 1970.
    var secondsSinceEpoch: Int64 {
        let (era, yearOfEra) = Self.divided(month <= 2 ? year - 1 : year, by: 400)
        let monthFromMarch = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * Self.daysPerEra + dayOfEra - Self.daysBeforeEpoch
        return days * 86_400 + hour * 3_600 + minute * 60 + second
    }

    /// `2025-03-01T00:00:00.5`, without an offset.
    var text: String {
        let isShort = (0...9999).contains(year)
        let sign = isShort ? "" : year < 0 ? "-" : "+"
        let date =
            "\(sign)\(Self.padded(abs(year), isShort ? 4 : 6))-\(Self.padded(month, 2))"
            + "-\(Self.padded(day, 2))"
        let time = [hour, minute, second].map { Self.padded($0, 2) }.joined(separator: ":")
        guard microsecond > 0 else { return "\(date)T\(time)" }
        var digits = Self.padded(microsecond, 6)
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(date)T\(time).\(digits)"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    /// The quotient rounded down, and the rest, which is never negative.
    private static func divided(_ number: Int64, by divisor: Int64) -> (Int64, Int64) {
        let (quotient, rest) = number.quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
    }
}
