internal import ArgumentParser

/// An amount of bytes as a person writes it: a whole number with a unit, such as `64MiB` or `500GB`.
struct ByteCount: Hashable, Sendable {
    static let rule = "a number with B, KB, MB, GB, TB, KiB, MiB, GiB or TiB"

    let bytes: Int

    /// Reads one; nil for anything else.
    init?(_ text: String) {
        let units = [
            "B": 1, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
            "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
        ]
        guard let bytes = Quantity.read(text, units) else { return nil }
        self.bytes = bytes
    }
}

/// A span of time as a person writes it: a whole number with a unit, such as `30d` or `12h`.
struct TimeSpan: Hashable, Sendable {
    static let rule = "a number with s, m, h, d or w"

    let milliseconds: Int64

    /// Reads one; nil for anything else.
    init?(_ text: String) {
        let units = ["s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800]
        guard let seconds = Quantity.read(text, units), seconds <= Int.max / 1000 else {
            return nil
        }
        milliseconds = Int64(seconds) * 1000
    }
}

private enum Quantity {
    /// A positive number times its unit; nil where it is neither, or too much.
    static func read(_ text: String, _ units: [String: Int]) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), number > 0,
            let unit = units[String(text.dropFirst(digits.count))]
        else { return nil }
        let (value, isTooMuch) = number.multipliedReportingOverflow(by: unit)
        return isTooMuch ? nil : value
    }
}

extension ByteCount: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }
}

extension TimeSpan: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }
}
