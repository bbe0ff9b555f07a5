import Testing

@testable import ControlPlane

@Suite struct SupervisorTests {
    @Test(arguments: [Trouble.Kind.refused, .corrupt, .configuration, .gap])
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
