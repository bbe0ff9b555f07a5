import Foundation
import Testing

@testable import ControlPlane

@Suite struct HealthTests {
    @Test func `the server lives and is ready while its source is away, and says so`() async throws
    {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                let live = try await server.send("GET", "/livez")
                #expect(live.status == 200)
                #expect(live.text == "ok\n")
                let short = try await server.send("GET", "/readyz")
                #expect(short.status == 200)
                #expect(short.text == "ok\n")
                let long = try await server.send("GET", "/readyz?verbose")
                #expect(long.status == 200)
                let lines = long.text.split(separator: "\n").map(String.init)
                #expect(lines[0] == "[+]catalog writable")
                #expect(lines[1].hasPrefix("[+]journal main writable, "))
                #expect(lines[2].hasPrefix("[!]source main "))
                #expect(lines.last == "ok")
            }
        }
    }

    @Test func `a check that must hold and does not makes the server unready, and is named`() {
        let health = Health(checks: [
            Health.Check(name: "catalog", detail: "writable", isGood: true),
            Health.Check(name: "lock", detail: "no longer held", isGood: false),
            Health.Check(name: "source a", detail: "retrying", isGood: false, isOptional: true),
        ])
        #expect(!health.isReady)
        #expect(
            health.text
                == "[+]catalog writable\n[-]lock no longer held\n[!]source a retrying\nnot ready: lock\n"
        )
    }

    @Test func `the lock counts as held only while its file is the one that others find`()
        async throws
    {
        try await withDirectory { directory in
            let data = try DataDirectory.take(directory, pid: 1)
            #expect(data.isHeld)
            try FileManager.default.removeItem(atPath: directory + "/lock")
            #expect(!data.isHeld)
            try Data().write(to: URL(filePath: directory + "/lock"))
            #expect(!data.isHeld)
        }
    }
}
