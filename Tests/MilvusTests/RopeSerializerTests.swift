import Testing

@testable import Milvus

extension ByteRope {
    /// What goes to the server.
    var sent: [UInt8] { RopeSerializer().serialize(self) }
}

struct RopeSerializerTests {
    @Test func `pieces are sent behind one another`() {
        var rope = ByteRope([1, 2, 3][1...])
        rope.append(ByteRope([]))
        rope.append(ByteRope([4]).record(tag: 0x0a))
        rope.append([5, 6, 7, 8][1..<3])
        #expect(rope.sent == [2, 3, 0x0a, 1, 4, 6, 7])
    }

    @Test func `a rope without pieces is an empty message`() {
        #expect(ByteRope().sent == [])
    }
}
