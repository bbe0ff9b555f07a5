import Foundation
import Testing

@testable import ControlPlane

/// Overwrites the first bytes of the first segment.
func damageJournal(in directory: String) throws {
    let journal = directory + "/journal/main"
    let names = try FileManager.default.contentsOfDirectory(atPath: journal).sorted()
    let name = try required(names.first { $0.hasSuffix(".flog") })
    let url = URL(filePath: journal + "/" + name)
    var bytes = try Data(contentsOf: url)
    bytes.replaceSubrange(0..<8, with: Data(repeating: 0xFF, count: 8))
    try bytes.write(to: url)
}

@Suite struct DataDirectoryTests {
    @Test func `a directory has one server, and the second hears which`() async throws {
        try await withDirectory { directory in
            let path = directory + "/data"
            let first = try DataDirectory.take(path, pid: 4711)
            let error = #expect(throws: Trouble.self) {
                _ = try DataDirectory.take(path, pid: 4712)
            }
            #expect(error?.kind == .busy)
            #expect(error?.message.contains("process 4711") == true)
            withExtendedLifetime(first) {}
        }
    }

    @Test func `a directory that was given up can be taken again`() async throws {
        try await withDirectory { directory in
            _ = try DataDirectory.take(directory, pid: 1)
            let second = try DataDirectory.take(directory, pid: 2)
            #expect(second.catalog == directory + "/catalog.sqlite")
        }
    }
}
