import Testing

@testable import flightlog

@Suite struct TextTableTests {
    @Test func `columns are as wide as their widest text`() {
        var table = TextTable(["A", "LONG"])
        table.add(["wider", ""])
        table.add(["é", "x"])
        #expect(table.lines == ["A      LONG", "wider", "é      x"])
    }
}
