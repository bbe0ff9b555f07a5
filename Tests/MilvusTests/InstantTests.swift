import TestSupport
import Testing

@testable import Milvus

struct InstantTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59.999999Z"),
        (1_740_825_000_123_456, "2025-03-01T10:30:00.123456Z"),
        (1_740_825_000_100_000, "2025-03-01T10:30:00.1Z"),
        (951_782_400_000_000, "2000-02-29T00:00:00Z"),
        (-2_203_977_600_000_000, "1900-02-28T00:00:00Z"),
        (-62_135_596_800_000_000, "0001-01-01T00:00:00Z"),
        (-62_167_219_200_000_000, "0000-01-01T00:00:00Z"),
        (-62_167_219_200_000_001, "-000001-12-31T23:59:59.999999Z"),
        (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
        (253_402_300_800_000_000, "+010000-01-01T00:00:00Z"),
        (Int64.min, "-290308-12-21T19:59:05.224192Z"),
        (Int64.max, "+294247-01-10T04:00:54.775807Z"),
    ])
    func `moments and texts are the same`(microseconds: Int64, text: String) {
        #expect(Instant(microseconds: microseconds).text == text)
        #expect(Instant(text: text)?.microseconds == microseconds)
    }

    @Test func `every moment reads back`() {
        var random = SeededRandom()
        for _ in 0..<5000 {
            let instant = Instant(microseconds: Int64(bitPattern: random.next()))
            #expect(Instant(text: instant.text) == instant, "seed \(SeededRandom.runSeed)")
            if let text = instant.requestText { #expect(Instant(text: text) == instant) }
        }
    }

    @Test func `every day of the calendar follows the one before`() {
        let names = (-800 * 366...800 * 366).map { day in
            CivilTime(Int64(day) * 86_400_000_000)
        }
        for (before, after) in zip(names, names.dropFirst()) {
            let isNext =
                (after.day == before.day + 1 && after.month == before.month)
                || (after.day == 1 && after.month == before.month % 12 + 1
                    && after.year == before.year + (before.month == 12 ? 1 : 0))
            guard isNext else {
                Issue.record("\(before) and \(after)")
                return
            }
        }
    }

    @Test func `years of four digits are written to servers, and what offsets reach beyond them`() {
        let first: Int64 = -62_167_219_200_000_000
        let last: Int64 = 253_402_300_799_999_999
        let hour: Int64 = 3_600_000_000
        func text(_ microseconds: Int64) -> String? {
            Instant(microseconds: microseconds).requestText
        }
        #expect(text(first) == "0000-01-01T00:00:00Z")
        #expect(text(first - 1) == "0000-01-01T13:59:59.999999+14:00")
        #expect(text(first - 14 * hour) == "0000-01-01T00:00:00+14:00")
        #expect(text(first - 14 * hour - 1) == nil)
        #expect(text(last) == "9999-12-31T23:59:59.999999Z")
        #expect(text(last + 1) == "9999-12-31T12:00:00-12:00")
        #expect(text(last + 12 * hour) == "9999-12-31T23:59:59.999999-12:00")
        #expect(text(last + 12 * hour + 1) == nil)
        #expect(text(.min) == nil)
        #expect(text(.max) == nil)
    }

    @Test func `texts of every form that servers answer with are read`() {
        for text in [
            "2025-03-01T10:30:00.123456Z", "2025-03-01T10:30:00.1234569Z",
            "2025-03-01T18:30:00.123456+08:00", "2025-03-01T05:00:00.123456-05:30",
            "2025-03-01 10:30:00.123456Z",
        ] {
            #expect(Instant(text: text)?.microseconds == 1_740_825_000_123_456, "\(text)")
        }
    }

    @Test func `texts that are no moments are none`() {
        for text in [
            "", "2025", "2025-03-01", "2025-03-01T10:30:00", "2025-02-29T00:00:00Z",
            "2025-13-01T00:00:00Z", "2025-00-01T00:00:00Z", "2025-01-32T00:00:00Z",
            "2025-01-01T24:00:00Z", "2025-01-01T00:60:00Z", "2025-01-01T00:00:60Z",
            "2025-01-01T00:00:00.Z", "2025-01-01T00:00:00Zx", "+25-01-01T00:00:00Z",
            "+999999-01-01T00:00:00Z", "2025-01-01T00:00:00+8:00", "é",
        ] {
            #expect(Instant(text: text) == nil, "\(text)")
        }
    }
}
