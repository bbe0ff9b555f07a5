/// Reads the parts of ISO 8601 text, one after another.
struct InstantScanner {
    private let text: [UInt8]
    private var position = 0

    init(_ text: String) { self.text = Array(text.utf8) }

    var isAtEnd: Bool { position == text.count }

    /// Date and time up to the fraction of a second; nil if there is none.
    mutating func civilTime() -> CivilTime? {
        guard let year = year(), take("-"), let month = digits(2), take("-"), let day = digits(2),
            take("T") || take(" "), let hour = digits(2), take(":"), let minute = digits(2),
            take(":"), let second = digits(2), let microsecond = fraction()
        else { return nil }
        return CivilTime(
            year: year,
            month: month,
            day: day,
            hour: hour,
            minute: minute,
            second: second,
            microsecond: microsecond
        )
    }

    /// `Z`, or a sign, hours and minutes: seconds east of Greenwich; nil if there is none.
    mutating func offset() -> Int64? {
        if take("Z") { return 0 }
        let isWest = take("-")
        guard isWest || take("+"), let hours = digits(2), take(":"), let minutes = digits(2) else {
            return nil
        }
        let seconds = hours * 3_600 + minutes * 60
        return isWest ? -seconds : seconds
    }

    /// Four digits, or a sign and six.
    private mutating func year() -> Int64? {
        let isNegative = take("-")
        guard isNegative || take("+") else { return digits(4) }
        return digits(6).map { isNegative ? -$0 : $0 }
    }

    /// Microseconds: 0 without a point, nil if no digit follows one.
    private mutating func fraction() -> Int64? {
        guard take(".") else { return 0 }
        var value: Int64 = 0
        var count = 0
        while let digit = digit() {
            if count < 6 { value = value * 10 + digit }
            count += 1
        }
        guard count > 0 else { return nil }
        for _ in min(count, 6)..<6 { value *= 10 }
        return value
    }

    private mutating func digits(_ count: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<count {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    private mutating func digit() -> Int64? {
        guard position < text.count, (48...57).contains(text[position]) else { return nil }
        position += 1
        return Int64(text[position - 1] - 48)
    }

    private mutating func take(_ mark: Character) -> Bool {
        guard position < text.count, text[position] == mark.asciiValue else { return false }
        position += 1
        return true
    }
}
