import Foundation
import Operations
import Testing

@testable import Journal

struct PosixStorageTests {
    @Test func `a journal on the real file system is followed by a second reader`() async throws {
        try await withDirectory { directory in
            let writer = try JournalWriter.open(
                at: directory,
                source: "main",
                options: JournalOptions(segmentSizeMaxBytes: 20_000)
            )
            let reader = try JournalReader.open(at: directory)
            var cursor = try reader.cursor(after: .zero)
            var seen: [Entry] = []
            let batches = (1...40).map { Samples.batch($0, operations: 4, bytes: 900) }
            for batch in batches {
                try await writer.append(batch)
                seen += try drain(&cursor).flatMap(\.entries)
            }
            #expect(seen == Samples.entries(of: batches))
            #expect(try reader.segments().count > 1)
            await writer.close()
            #expect(try verify(journalAt: directory).isSound)
            let again = try JournalWriter.open(at: directory, source: "main")
            #expect(again.head.batch == 40)
            await again.close()
        }
    }

    @Test func `a second writer is refused and told who holds the journal`() async throws {
        try await withDirectory { directory in
            let writer = try JournalWriter.open(at: directory, source: "main")
            let code = await errorCode {
                _ = try JournalWriter.open(at: directory, source: "main")
            }
            #expect(code == .busy(pid: ProcessInfo.processInfo.processIdentifier))
            await writer.close()
            let next = try JournalWriter.open(at: directory, source: "main")
            #expect(next.recovery.epoch == 2)
            await next.close()
        }
    }

    @Test func `a writer that goes out of scope gives up the lock`() async throws {
        try await withDirectory { directory in
            do {
                let writer = try JournalWriter.open(at: directory, source: "main")
                try await writer.append(Samples.batch(1))
            }
            var next: JournalWriter?
            // The last reference may still be on its way out of the committer's queue.
            for _ in 0..<10_000 where next == nil {
                next = try? JournalWriter.open(at: directory, source: "main")
                await Task.yield()
            }
            #expect(next?.head.batch == 1)
            await next?.close()
        }
    }

    @Test func `what a killed process appended is there, and others follow it meanwhile`()
        async throws
    {
        try await withDirectory { directory in
            setenv("FLIGHTLOG_TEST_JOURNAL", directory, 1)
            await #expect(processExitsWith: .signal(SIGKILL)) {
                let directory = try #require(
                    ProcessInfo.processInfo.environment["FLIGHTLOG_TEST_JOURNAL"]
                )
                let writer = try JournalWriter.open(at: directory, source: "main")
                for number in 1...30 { try await writer.append(Samples.batch(number)) }
                kill(getpid(), SIGKILL)
            }
            let expected = Samples.entries(of: (1...30).map { Samples.batch($0) })
            #expect(try readAll(PosixStorage(), at: directory) == expected)
            let writer = try JournalWriter.open(at: directory, source: "main")
            #expect(writer.head.batch == 30)
            // The other way round: a process that finds this one at work.
            await #expect(processExitsWith: .success) {
                let directory = try #require(
                    ProcessInfo.processInfo.environment["FLIGHTLOG_TEST_JOURNAL"]
                )
                let parent = getppid()
                let code = await errorCode {
                    _ = try JournalWriter.open(at: directory, source: "main")
                }
                try #require(code == .busy(pid: parent))
                try #require(try readAll(PosixStorage(), at: directory).count == 60)
            }
            await writer.close()
        }
    }

    @Test func `failures name the call, the path and the reason`() async throws {
        let storage = PosixStorage()
        let missing = #expect(throws: StorageFailure.self) {
            _ = try storage.open("/no/such/file", for: .reading)
        }
        #expect(missing?.code == .notFound)
        #expect(missing?.description == "open /no/such/file: no such file or directory")
        let full = #expect(throws: StorageFailure.self) {
            try storage.open("/dev/full", for: .writing).write([1], at: 0)
        }
        #expect(full?.code == .full)
        let other = #expect(throws: StorageFailure.self) {
            _ = try storage.list(directory: "/dev/null")
        }
        #expect(other?.description == "opendir /dev/null: Not a directory")
    }

    @Test func `a glance shows the first bytes and the size of a file`() async throws {
        try await withDirectory { directory in
            let storage = PosixStorage()
            try storage.create(directory: directory)
            let bytes = (0..<100).map { UInt8($0) }
            try storage.open(directory + "/file", for: .writing).write(bytes, at: 0)
            let folder = try storage.open(directory: directory)
            var start = [UInt8](repeating: 0xff, count: 10)
            #expect(try folder.glance(at: "file", &start) == 100)
            #expect(start == Array(bytes.prefix(10)))
            // A file that is shorter than what is asked for, then one that is empty.
            start = [UInt8](repeating: 0xff, count: 101)
            #expect(try folder.glance(at: "file", &start) == 100)
            #expect(start == bytes)
            _ = try storage.open(directory + "/empty", for: .writing)
            #expect(try folder.glance(at: "empty", &start) == 0)
            #expect(start == [])
            // The directory that was opened is looked into, whatever it is called by now.
            try storage.create(directory: directory + "/inner")
            try storage.open(directory + "/inner/file", for: .writing).write([7], at: 0)
            let inner = try storage.open(directory: directory + "/inner")
            try storage.rename(directory + "/inner", to: directory + "/moved")
            start = [0]
            #expect(try inner.glance(at: "file", &start) == 1)
            #expect(start == [7])
        }
    }

    @Test func `a glance that fails names the call, the path and the reason`() async throws {
        try await withDirectory { directory in
            let storage = PosixStorage()
            try storage.create(directory: directory)
            let folder = try storage.open(directory: directory)
            var start = [UInt8](repeating: 0, count: 10)
            let missing = #expect(throws: StorageFailure.self) {
                _ = try folder.glance(at: "none", &start)
            }
            #expect(missing?.code == .notFound)
            #expect(missing?.description == "open \(directory)/none: no such file or directory")
            try storage.create(directory: directory + "/inner")
            let other = #expect(throws: StorageFailure.self) {
                _ = try folder.glance(at: "inner", &start)
            }
            #expect(other?.description == "pread \(directory)/inner: Is a directory")
            let gone = #expect(throws: StorageFailure.self) {
                _ = try storage.open(directory: directory + "/none")
            }
            #expect(gone?.code == .notFound)
        }
    }

    @Test func `directories are made with those above them`() async throws {
        try await withDirectory { directory in
            let storage = PosixStorage()
            try storage.create(directory: directory + "/a/b/c")
            try storage.create(directory: directory + "/a/b/c")
            let file = try storage.open(directory + "/a/b/c/file", for: .writing)
            try file.write([1, 2, 3], at: 2)
            #expect(try file.read(at: 0, count: 10) == [0, 0, 1, 2, 3])
            try file.truncate(to: 3)
            #expect(try file.size() == 3)
            #expect(try file.read(at: 5, count: 10) == [])
            try storage.rename(directory + "/a/b/c/file", to: directory + "/a/other")
            #expect(Set(try storage.list(directory: directory + "/a")) == ["b", "other"])
            try storage.remove(directory + "/a/other")
            #expect(try storage.list(directory: directory + "/a") == ["b"])
        }
    }
}
