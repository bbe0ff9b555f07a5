/// The name of a virtual channel: `<physical channel>_<collection id>v<shard>`.
enum ShardName {
    /// More shards than any collection has; a number above it is not a shard.
    static let shardMax = 65_535

    /// The shard a name ends with, read without making a string.
    @inline(__always)
    static func shard(_ name: Range<Int>, _ bytes: borrowing Span<UInt8>) throws(WireFailure) -> Int
    {
        var shard = 0
        var place = 1
        var index = name.upperBound
        while index > name.lowerBound {
            index &-= 1
            let byte = bytes[index]
            if byte == UInt8(ascii: "v"), place > 1 { return shard }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), place <= shardMax else {
                break
            }
            shard &+= Int(byte &- UInt8(ascii: "0")) &* place
            place &*= 10
        }
        throw WireFailure("its channel name does not end in a shard number")
    }
}
