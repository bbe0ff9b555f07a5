import Operations
import Testing

@testable import Capture

struct ChannelSetTests {
    private let a = PhysicalChannel("a")
    private let b = PhysicalChannel("b")
    private let one = CollectionID(rawValue: 1)
    private let two = CollectionID(rawValue: 2)

    private func time(_ value: UInt64) -> HybridTimestamp { HybridTimestamp(rawValue: value) }

    @Test func `the slowest channel holds the others back`() {
        var set = ChannelSet()
        _ = set.use(a, by: one, from: 0, complete: .zero)
        _ = set.use(b, by: one, from: 0, complete: .zero)
        set.tick(time(10), on: a, offset: 0)
        #expect(set.complete?.timestamp == .zero)
        #expect(set.complete?.slowest == b)
        set.tick(time(7), on: b, offset: 0)
        #expect(set.complete?.timestamp == time(7))
    }

    @Test func `a channel is started once, by the first collection on it`() {
        var set = ChannelSet()
        #expect(
            set.use(a, by: one, from: 5, complete: .zero)
                == ChannelSet.Start(channel: a, offset: 5)
        )
        #expect(set.use(a, by: two, from: 9, complete: .zero) == nil)
    }

    @Test
    func `a channel whose last collection is dropped is awaited up to the drop and no further`() {
        var set = ChannelSet()
        _ = set.use(a, by: one, from: 0, complete: .zero)
        set.drop(one, at: time(20))
        set.tick(time(19), on: a, offset: 0)
        #expect(set.complete != nil)
        set.tick(time(20), on: a, offset: 1)
        #expect(set.complete == nil)
        #expect(set.release(through: time(20)).left == [a])
        #expect(!set.contains(a))
    }

    @Test func `a collection's last message ends the wait for ticks that never come`() {
        var set = ChannelSet()
        _ = set.use(a, by: one, from: 0, complete: .zero)
        set.finish(one, on: a, offset: 3)
        #expect(set.complete != nil, "the metadata has not told of the drop yet")
        set.drop(one, at: time(20))
        #expect(set.complete == nil)
    }

    @Test func `a creation that came to nothing holds nobody back`() {
        var set = ChannelSet()
        _ = set.use(a, by: one, from: 0, complete: .zero)
        set.forget(one)
        #expect(set.complete == nil)
    }

    @Test func `a channel can come back`() {
        var set = ChannelSet()
        _ = set.use(a, by: one, from: 0, complete: .zero)
        set.drop(one, at: time(5))
        _ = set.release(through: time(5))
        #expect(
            set.use(a, by: two, from: 40, complete: time(8))
                == ChannelSet.Start(channel: a, offset: 40)
        )
        #expect(set.frontier(of: a) == time(8))
    }
}
