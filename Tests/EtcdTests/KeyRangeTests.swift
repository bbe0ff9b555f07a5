import Testing

@testable import Etcd

@Suite struct KeyRangeTests {
    @Test func `the keys below a path begin with it and a slash`() {
        let range = KeyRange(below: "by-dev")
        #expect(range.first == Array("by-dev/".utf8))
        #expect(range.end == Array("by-dev0".utf8))
        #expect(range.relative(Array("by-dev/meta/a".utf8)) == "meta/a")
        #expect(range.relative(Array("by-dev2/meta".utf8)) == nil)
    }

    @Test func `the end comes after the longest keys`() {
        let range = KeyRange(prefix: [1, 0xff, 0xff])
        #expect(range.end == [2])
        #expect([1, 0xff, 0xff, 0xff].lexicographicallyPrecedes(range.end))
    }
}
