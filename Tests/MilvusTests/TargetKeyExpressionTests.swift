import Testing

@testable import Milvus

struct TargetKeyExpressionTests {
    private func texts(_ keys: [String]) -> [PrimaryKeyValue] {
        keys.map { .varchar(Array($0.utf8)) }
    }

    @Test func `numbers stand in a list`() {
        let expressions = KeyExpression.expressions(
            field: "id",
            keys: [.int64(1), .int64(-2), .int64(.max)]
        )
        #expect(expressions.map(\.text) == ["id in [1,-2,9223372036854775807]"])
    }

    @Test func `the least number gets an expression of its own`() {
        let expressions = KeyExpression.expressions(
            field: "id",
            keys: [.int64(.min), .int64(.min + 1)]
        )
        #expect(
            expressions.map(\.text) == [
                "id in [-9223372036854775807]", "id == -9223372036854775807 - 1",
            ]
        )
    }

    @Test func `texts are quoted, and only what must be escaped is`() {
        let keys = texts(["", "a\"b", "c\\d", "e\nf\rg\th", "i\u{0}\u{7f}'é😀"])
        let expressions = KeyExpression.expressions(field: "k", keys: keys)
        #expect(
            expressions.map(\.text) == [
                #"k in ["","a\"b","c\\d","e\nf\rg\th",""# + "i\u{0}\u{7f}'é😀\"]"
            ]
        )
    }

    @Test func `many keys are spread over several expressions`() {
        let keys = (0..<25_000).map { PrimaryKeyValue.int64($0) }
        let expressions = KeyExpression.expressions(field: "id", keys: keys)
        #expect(expressions.map(\.keyCount) == [10_000, 10_000, 5_000])
        #expect(expressions[1].text.hasPrefix("id in [10000,"))
    }

    @Test func `long keys are spread by size, and one above the limit stands alone`() {
        let long = String(repeating: "x", count: 300_000)
        let huge = String(repeating: "y", count: KeyExpression.textMaxBytes + 1)
        let keys = texts(Array(repeating: long, count: 5) + [huge, "z"])
        let expressions = KeyExpression.expressions(field: "id", keys: keys)
        #expect(expressions.map(\.keyCount) == [3, 2, 1, 1])
    }

    @Test func `no keys need no expression`() {
        #expect(KeyExpression.expressions(field: "id", keys: []).isEmpty)
    }
}
