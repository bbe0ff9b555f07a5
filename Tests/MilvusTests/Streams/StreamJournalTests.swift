import Capture
import FoundationEssentials
import Journal
import Logging
import Operations
import SwiftProtobuf
import Testing

@testable import Milvus

/// A source of Milvus 2.6, made by hand, played through Capture into a journal on disk.
struct StreamJournalTests {
    private typealias Kind = StreamMessageType

    /// Two shards; everything that a log of 2.6 may hold happens once.
    private func source() throws -> MadeSource {
        var source = MadeSource()
        let first = MadeSource.Headers(vchannel: "a_1v0", lastConfirmed: 0)
        let second = MadeSource.Headers(vchannel: "b_1v1", lastConfirmed: 0)
        func part(
            _ headers: MadeSource.Headers,
            _ id: Int64,
            _ keepalive: Int64 = -1
        )
            -> MadeSource.Headers
        {
            var headers = headers
            headers.transaction = (id, keepalive)
            return headers
        }
        func copy(
            _ headers: MadeSource.Headers,
            _ broadcast: Int64,
            _ header: [(UInt8, Int64)]
        ) -> MadeSource.Headers {
            var headers = headers
            headers.version = "2"
            headers.broadcast = broadcast
            headers.header = MadeSource.numbers(header)
            return headers
        }
        func ticks(_ source: inout MadeSource, _ time: Int64) {
            source.write(Kind.timeTick, at: time, on: "a")
            source.write(Kind.timeTick, at: time + 1, on: "b")
        }

        source.record([("session/rootcoord", Array(#"{"Version":"2.6.12"}"#.utf8))])
        source.write(5, at: 100, on: "a", copy(first, 1, [(1, 1)]))
        source.write(5, at: 101, on: "b", copy(second, 1, [(1, 1)]))
        try source.define(1, at: 100, on: ["a", "b"])
        ticks(&source, 110)
        source.write(Kind.insert, at: 120, on: "a", first, body: try MadeSource.insert([1, 2, 3]))

        // An upsert, open over two ticks, with others' messages between its own.
        source.write(Kind.beginTransaction, at: 130, on: "a", part(first, 7))
        source.write(
            Kind.insert,
            at: 131,
            on: "a",
            part(first, 7),
            body: try MadeSource.insert([2])
        )
        source.write(Kind.insert, at: 132, on: "a", first, body: try MadeSource.insert([4]))
        source.write(Kind.beginTransaction, at: 133, on: "b", part(second, 7))
        ticks(&source, 135)
        source.write(
            Kind.delete,
            at: 137,
            on: "a",
            part(first, 7),
            body: try MadeSource.delete([2])
        )
        source.write(
            Kind.insert,
            at: 138,
            on: "b",
            part(second, 7),
            body: try MadeSource.insert([5])
        )
        ticks(&source, 140)
        source.write(Kind.commitTransaction, at: 145, on: "a", part(first, 7))
        source.write(Kind.rollbackTransaction, at: 146, on: "b", part(second, 7))
        ticks(&source, 150)

        // One that is given up 20 ms after its last part, and a message of a writer that had lost the channel.
        source.write(Kind.beginTransaction, at: 151, on: "a", part(first, 8, 20))
        source.write(
            Kind.insert,
            at: 152,
            on: "a",
            part(first, 8, 20),
            body: try MadeSource.insert([6])
        )
        source.write(Kind.insert, at: 149, on: "a", first, body: try MadeSource.insert([7]))
        source.write(Kind.delete, at: 153, on: "b", second, body: try MadeSource.delete([1]))
        ticks(&source, 160)
        ticks(&source, 180)
        source.write(Kind.commitTransaction, at: 185, on: "a", part(first, 8, 20))

        // A truncation: at 203 on b, at 205 on a; the row of a between them was removed as well.
        let truncation: [(UInt8, Int64)] = [(1, 1), (2, 1)]
        var control = MadeSource.Headers(vchannel: "a_vcchan")
        control = copy(control, 40, truncation)
        source.write(Kind.truncateCollection, at: 200, on: "a", control)
        source.write(Kind.insert, at: 204, on: "a", first, body: try MadeSource.insert([8]))
        source.write(Kind.truncateCollection, at: 205, on: "a", copy(first, 40, truncation))
        source.write(Kind.timeTick, at: 206, on: "a")
        source.write(Kind.truncateCollection, at: 203, on: "b", copy(second, 40, truncation))
        source.write(Kind.insert, at: 204, on: "b", second, body: try MadeSource.insert([9]))
        ticks(&source, 210)

        // A bulk import, and flushes of one collection and of all.
        let job = MadeSource.numbers([(4, 1), (9, 77)])
        source.write(Kind.bulkImport, at: 220, on: "a", first, body: job)
        source.write(Kind.bulkImport, at: 221, on: "b", second, body: job)
        source.write(Kind.manualFlush, at: 222, on: "a", copy(first, 0, [(1, 1)]))
        source.write(Kind.manualFlush, at: 223, on: "b", copy(second, 0, [(1, 1)]))
        source.write(Kind.flushAll, at: 224, on: "a", MadeSource.Headers(extra: ["_pcl": ""]))
        source.write(Kind.flushAll, at: 225, on: "b", MadeSource.Headers(extra: ["_pcl": ""]))
        ticks(&source, 230)

        // b is silent from here on; the metadata tells how far it is complete.
        source.write(Kind.insert, at: 240, on: "a", first, body: try MadeSource.insert([10]))
        source.write(Kind.timeTick, at: 250, on: "a")
        source.checkpoint("b", through: 245)
        source.write(Kind.timeTick, at: 260, on: "a")
        source.checkpoint("b", through: 265)
        source.write(Kind.timeTick, at: 270, on: "a")
        return source
    }

    @Test func `a journal of a 2.6 source holds what its timestamps say`() async throws {
        let (entries, _) = try await journal(try source(), killEvery: nil)
        let told = entries.map { entry in
            "\((entry.timestamp.unixMilliseconds - 1_700_000_000_000)) \(entry.operation.kind.name)"
                + (entry.operation.rowCount > 0 ? " \(entry.operation.rowCount)" : "")
        }
        #expect(
            told == [
                "100 create_collection", "120 insert 3", "132 insert 1", "145 upsert 1",
                "153 delete 1", "203 truncate_collection", "204 insert 1", "220 gap", "222 flush",
                "224 flush", "240 insert 1",
            ]
        )
        guard case .gap(let gap) = entries[7].operation else {
            Issue.record("no gap")
            return
        }
        #expect(gap.collection == CollectionID(rawValue: 1))
        #expect(gap.reason.contains("bulk import 77"))
    }

    @Test func `a reader killed before every message journals the same operations`() async throws {
        let source = try source()
        let (whole, _) = try await journal(source, killEvery: nil)
        for every in [1, 2, 5] {
            let (killed, deaths) = try await journal(source, killEvery: every)
            #expect(deaths >= source.steps.count / every - 2)
            #expect(killed == whole)
        }
    }

    @Test func `what the log tells before the metadata gets the timestamp of the log`() async throws
    {
        var source = MadeSource()
        source.record([("session/rootcoord", Array(#"{"Version":"2.6.15"}"#.utf8))])
        try source.define(1, at: 100, on: ["a"])
        func headers(_ channel: String, _ collection: Int64) -> MadeSource.Headers {
            MadeSource.Headers(
                vchannel: channel,
                broadcast: 3,
                header: MadeSource.numbers([(1, collection)])
            )
        }
        source.write(Kind.timeTick, at: 110, on: "a")
        // The metadata follows a tick later, and of the drop has no timestamp at all.
        source.write(Kind.createCollection, at: 120, on: "a", headers("a_vcchan", 2))
        source.write(Kind.createCollection, at: 121, on: "a", headers("a_2v0", 2))
        source.write(Kind.timeTick, at: 130, on: "a")
        try source.define(2, at: 120, on: ["a"], starts: ["a": 1])
        source.write(
            Kind.insert,
            at: 140,
            on: "a",
            MadeSource.Headers(vchannel: "a_2v0"),
            body: try MadeSource.insert([1], into: 2, partition: 20)
        )
        source.write(Kind.timeTick, at: 150, on: "a")
        source.write(Kind.dropCollection, at: 160, on: "a", headers("a_vcchan", 2))
        source.write(Kind.dropCollection, at: 161, on: "a", headers("a_2v0", 2))
        source.write(Kind.timeTick, at: 170, on: "a")
        source.record([
            ("root-coord/database/collection-info/1/2", nil), ("root-coord/fields/2/100", nil),
            ("root-coord/partitions/2/20", nil),
        ])
        source.write(Kind.timeTick, at: 180, on: "a")
        let (whole, _) = try await journal(source, killEvery: nil)
        #expect(
            whole.map {
                "\($0.timestamp.unixMilliseconds - 1_700_000_000_000) \($0.operation.kind.name)"
            } == [
                "100 create_collection", "120 create_collection", "140 insert",
                "160 drop_collection",
            ]
        )
        for every in [1, 3] {
            let (killed, _) = try await journal(source, killEvery: every)
            #expect(killed == whole)
        }
    }

    @Test func `messages of an older Milvus and of 2.6 follow each other on one topic`()
        async throws
    {
        var source = MadeSource()
        source.record([("session/rootcoord", Array(#"{"Version":"2.6.0"}"#.utf8))])
        try source.define(1, at: 100, on: ["a"])
        var old = try OldMessages.insert([1], at: MadeSource.time(110).rawValue)
        source.write(try old.serializedBytes(), on: "a")
        source.write(try OldMessages.tick(MadeSource.time(120).rawValue).serializedBytes(), on: "a")
        old = try OldMessages.insert([2], at: MadeSource.time(130).rawValue)
        source.write(try old.serializedBytes(), on: "a")
        let headers = MadeSource.Headers(vchannel: "a_1v0", lastConfirmed: 2)
        source.write(Kind.timeTick, at: 140, on: "a")
        source.write(Kind.insert, at: 150, on: "a", headers, body: try MadeSource.insert([3]))
        source.write(Kind.timeTick, at: 160, on: "a")
        let (whole, _) = try await journal(source, killEvery: nil)
        #expect(
            whole.map { $0.timestamp.unixMilliseconds - 1_700_000_000_000 } == [100, 110, 130, 150]
        )
        let (killed, _) = try await journal(source, killEvery: 1)
        #expect(killed == whole)
    }

    @Test func `what stands before a message that cannot be read is journalled, then it is told`()
        async throws
    {
        let headers = MadeSource.Headers(vchannel: "a_1v0")
        var encrypted = headers
        encrypted.extra["_ch"] = MadeSource.base64([(1, 5), (2, 1)])
        var moved = MadeSource.Headers(version: "2", header: MadeSource.numbers([(1, 4)]))
        moved.extra["_pcl"] = ""
        for (type, headers, words) in [
            (Kind.insert, encrypted, "the rows of the collection default.c1 (id 1) are encrypted"),
            (Kind.alterLog, moved, "moved its log to Woodpecker"),
            (4711, headers, "no message of type 4711 is known"),
        ] {
            var source = MadeSource()
            source.record([("session/rootcoord", Array(#"{"Version":"2.6.14"}"#.utf8))])
            try source.define(1, at: 100, on: ["a"])
            source.write(
                Kind.insert,
                at: 110,
                on: "a",
                MadeSource.Headers(vchannel: "a_1v0"),
                body: try MadeSource.insert([1])
            )
            source.write(Kind.timeTick, at: 120, on: "a")
            let offset = source.write(type, at: 130, on: "a", headers)
            source.write(Kind.timeTick, at: 140, on: "a")
            try await MadeJournal.withDirectory { directory in
                let failure = await #expect(throws: LogFailure.self) {
                    try await MadeJournal.read(MadeLog(source), at: directory)
                }
                let sentence = try #require(failure?.message)
                #expect(sentence.contains("of a cannot be read beyond offset \(offset)"))
                #expect(sentence.contains(words))
                #expect(try MadeJournal.entries(at: directory).map(\.operation.rowCount) == [0, 1])
            }
        }
    }

    @Test func `a transaction that is cut at the front is a gap, not a silence`() async throws {
        var source = MadeSource()
        source.record([("session/rootcoord", Array(#"{"Version":"2.6.14"}"#.utf8))])
        try source.define(1, at: 100, on: ["a"])
        let headers = MadeSource.Headers(vchannel: "a_1v0", transaction: (3, -1))
        source.write(Kind.insert, at: 110, on: "a", headers, body: try MadeSource.insert([1]))
        source.write(Kind.commitTransaction, at: 111, on: "a", headers)
        source.write(Kind.timeTick, at: 120, on: "a")
        let (entries, _) = try await journal(source, killEvery: nil)
        #expect(entries.map(\.operation.kind) == [.createCollection, .gap])
        #expect("\(entries[1].operation)".contains("no longer its beginning"))
    }

    // MARK: - Playing

    private func journal(
        _ source: MadeSource,
        killEvery: Int?
    ) async throws -> (entries: [Entry], deaths: Int) {
        try await MadeJournal.withDirectory { directory in
            var furthest = 0
            var deaths = 0
            while true {
                let log = MadeLog(
                    source,
                    furthest: furthest,
                    killAfter: killEvery
                )
                do {
                    try await MadeJournal.read(log, at: directory)
                } catch is MadeLog.Killed {
                    deaths += 1
                    furthest = log.furthest
                    continue
                } catch is MadeLog.Ended {}
                return (try MadeJournal.entries(at: directory), deaths)
            }
        }
    }
}
