import Testing

@testable import ControlPlane

@Suite struct SupervisorTests {
    @Test(arguments: [Trouble.Kind.refused, .corrupt, .configuration])
    func `an only source that cannot even begin ends the server`(kind: Trouble.Kind) async throws {
        try await withDirectory { directory in
            let trouble = Trouble(kind, "The log of the source is not on Kafka.")
            await #expect(throws: trouble) {
                try await withServer(in: directory, trouble: trouble) { _ in
                    try await Task.sleep(for: .seconds(60))
                }
            }
        }
    }

    @Test func `a gap at the start is shown and waits for a person`() async throws {
        try await withDirectory { directory in
            let trouble = Trouble(.gap, "Offset 7 is no longer there.")
            try await withServer(in: directory, trouble: trouble) { server in
                var source = try await server.send("GET", "/v1/sources/main")
                while source.state == "starting" {
                    source = try await server.send("GET", "/v1/sources/main")
                }
                #expect(source.state == "gap")
                #expect(source.body["last_error"] as? String == "Offset 7 is no longer there.")
            }
        }
    }

    @Test func `a damaged journal is told as such`() async throws {
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            try damageJournal(in: directory)
            await #expect(throws: Trouble.self) {
                try await withServer(in: directory) { _ in try await Task.sleep(for: .seconds(60)) }
            }
        }
    }
}
