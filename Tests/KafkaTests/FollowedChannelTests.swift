@testable import Kafka
import Testing

struct FollowedChannelTests {
    @Test func `messages in a row are delivered`() {
        var channel = FollowedChannel(next: 5)
        for offset in 5..<20 { #expect(channel.arrived(Int64(offset)) == .deliver) }
        #expect(channel.next == 20)
    }

    @Test func `what was delivered is ignored`() {
        var channel = FollowedChannel(next: 5)
        #expect(channel.arrived(4) == .ignore)
        #expect(channel.arrived(5) == .deliver)
        #expect(channel.arrived(5) == .ignore)
    }

    @Test func `a jump is read again before it is believed`() {
        var channel = FollowedChannel(next: 5)
        #expect(channel.arrived(7) == .readAgain)
        #expect(channel.next == 5)
        #expect(channel.arrived(5) == .deliver)
        #expect(channel.arrived(6) == .deliver)
        #expect(channel.arrived(9) == .readAgain)
        #expect(channel.arrived(12) == .readAgain)
        #expect(channel.arrived(12) == .deliver)
        #expect(channel.next == 13)
    }

    @Test func `damage is reported at the third time in a row`() {
        var channel = FollowedChannel(next: 0)
        #expect(channel.failed(.corrupt) == .wait)
        #expect(channel.failed(.corrupt) == .wait)
        #expect(channel.arrived(0) == .deliver)
        #expect(channel.failed(.corrupt) == .wait)
        #expect(channel.failed(.transient) == .wait)
        #expect(channel.failed(.corrupt) == .wait)
        #expect(channel.failed(.corrupt) == .report)
        #expect(channel.failed(.corrupt) == .wait)
    }

    @Test func `what passes is waited for without end`() {
        var channel = FollowedChannel(next: 0)
        for _ in 0..<100 {
            #expect(channel.failed(.transient) == .wait)
            #expect(channel.failed(.unknownTopic) == .wait)
        }
    }

    @Test func `an offset is out of range if the bounds say so`() {
        var channel = FollowedChannel(next: 5)
        #expect(channel.failed(.outOfRange) == .compareBounds)
        #expect(channel.found(first: 0, end: 5) == .wait)
        #expect(channel.found(first: 5, end: 9) == .wait)
        #expect(channel.found(first: 6, end: 9) == .report)
        #expect(channel.found(first: 0, end: 4) == .report)
    }
}
