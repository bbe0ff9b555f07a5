import Operations
import Testing

@testable import Capture

struct ChannelBufferTests {
    @Test func `reading resumes at the first message that is not resolved`() {
        var buffer = ChannelBuffer(frontier: .zero, next: 100)
        buffer.tick(HybridTimestamp(rawValue: 10), offset: 100)
        buffer.hold(insert(at: 25, offset: 101))
        buffer.hold(insert(at: 15, offset: 102))
        buffer.tick(HybridTimestamp(rawValue: 20), offset: 103)
        #expect(buffer.release(through: HybridTimestamp(rawValue: 20)).map(\.offset) == [102])
        #expect(buffer.resumeOffset == 101)
        #expect(buffer.release(through: HybridTimestamp(rawValue: 25)).map(\.offset) == [101])
        #expect(buffer.resumeOffset == 104)
    }

    @Test func `a tick ahead of what is resolved is read again, so that it is known again`() {
        var buffer = ChannelBuffer(frontier: .zero, next: 0)
        buffer.tick(HybridTimestamp(rawValue: 10), offset: 0)
        buffer.tick(HybridTimestamp(rawValue: 20), offset: 1)
        _ = buffer.release(through: HybridTimestamp(rawValue: 10))
        #expect(buffer.resumeOffset == 1)
    }

    @Test func `an older tick changes nothing`() {
        var buffer = ChannelBuffer(frontier: HybridTimestamp(rawValue: 50), next: 0)
        buffer.tick(HybridTimestamp(rawValue: 40), offset: 0)
        #expect(buffer.frontier.rawValue == 50)
        #expect(buffer.resumeOffset == 1)
    }

    @Test func `held bytes are what is held`() {
        var buffer = ChannelBuffer(frontier: .zero, next: 0)
        buffer.hold(insert(at: 5, offset: 0))
        buffer.hold(insert(at: 6, offset: 1))
        let both = buffer.heldBytes
        _ = buffer.release(through: HybridTimestamp(rawValue: 5))
        #expect(buffer.heldBytes * 2 == both)
    }
}
