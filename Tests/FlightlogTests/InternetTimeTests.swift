import Testing

@testable import flightlog

@Suite struct InternetTimeTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (1_795_341_600_123, "2026-11-22T10:00:00.123Z"),
        (951_868_799_999, "2000-02-29T23:59:59.999Z"),
        (1_709_251_200_000, "2024-03-01T00:00:00.000Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
    ])
    func `times are shown in UTC`(milliseconds: Int64, text: String) {
        #expect(InternetTime(unixMilliseconds: milliseconds).description == text)
    }
}
