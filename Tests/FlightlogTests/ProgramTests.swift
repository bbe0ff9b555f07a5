import Foundation
import Testing

/// The program itself, run as people run it: what it says, and what it ends with.
@Suite struct ProgramTests {
    /// The checkout, found from this file.
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The built program: it lies where the tests do, or where a build of the checkout leaves it.
    private static let program: URL = {
        let beside = URL(filePath: CommandLine.arguments[0])
            .deletingLastPathComponent().appending(path: "flightlog")
        return FileManager.default.isExecutableFile(atPath: beside.path)
            ? beside : root.appending(path: ".build/debug/flightlog")
    }()

    private struct Result {
        let status: Int32
        let output: String
        let error: String
    }

    /// Stands in every secret of a configuration that a test runs the program with.
    private static let planted = "Canary-4711"

    private static func run(_ arguments: [String]) throws -> Result {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.environment = ["SWIFT_BACKTRACE": "enable=no", "PLANTED": "\(planted)-token"]
        let (output, error) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, error)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        let complained = error.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        for text in [said, complained] {
            #expect(text.range(of: Data(planted.utf8)) == nil, "\(arguments) says a secret")
        }
        return Result(
            status: process.terminationStatus,
            output: String(decoding: said, as: UTF8.self),
            error: String(decoding: complained, as: UTF8.self)
        )
    }

    @Test(
        arguments: [
            (["--version"], 0), (["--help"], 0), (["task", "--help"], 0),
            (["completion", "bash"], 0),
            (["nonsense"], 64), (["task", "list", "--nonsense"], 64), (["completion", "csh"], 64),
            (["events", "--limit", "0"], 64), (["check"], 64), (["task", "change", "t"], 64),
            (["task", "change", "t", "--target", "a", "--if-match", "a\nb"], 64),
            (["journal", "ls", "/nonexistent"], 66), (["journal", "verify", "/nonexistent"], 66),
            (["status", "--server", "http://127.0.0.1:1"], 69),
            (["task", "list", "--server", "http://127.0.0.1:1"], 69),
            (["events", "--server", "http://127.0.0.1:1"], 69),
            (["events", "--follow", "--server", "http://127.0.0.1:1"], 69),
            (["task", "change", "t", "--target", "a", "--server", "http://127.0.0.1:1"], 69),
            (["check", "--config", "/nonexistent"], 78),
            (["serve", "--config", "/nonexistent"], 78),
        ] as [([String], Int32)]
    )
    func `the program ends with the number that scripts rely on`(
        arguments: [String],
        status: Int32
    ) throws {
        let result = try Self.run(arguments)
        #expect(result.status == status, "\(arguments) \(result.error)")
        // Data goes to one stream, and what is no data to the other.
        #expect(result.output.isEmpty == (status != 0))
        #expect(result.error.isEmpty == (status == 0))
        if status != 0, status != 64 {
            let lines = result.error.split(separator: "\n")
            #expect(lines.first?.hasPrefix("flightlog: ") == true)
            #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("hint: ") })
        }
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `a completion script knows every command`(shell: String) throws {
        let script = try Self.run(["completion", shell]).output
        for command in ["serve", "status", "task", "events", "resume", "verify", "--include"] {
            let word = shell == "fish" ? command.replacingOccurrences(of: "--", with: "") : command
            #expect(script.contains(word), "\(command)")
        }
    }

    /// A configuration with a secret wherever one can be, in each of the forms it can have; its peers are away.
    private static func configuration(in folder: URL) -> String {
        """
        version: 1
        data: \(folder.path)/data
        sources:
          main:
            etcd: { endpoints: [http://127.0.0.1:1], username: u, password: \(planted)-etcd }
            kafka: { brokers: 127.0.0.1:1, sasl: { mechanism: PLAIN, username: u, password: \(planted)-kafka } }
            milvus: { uri: http://127.0.0.1:1, username: u, password: { file: \(folder.path)/secret } }
        targets:
          dr:
            uri: https://127.0.0.1:1
            token: { env: PLANTED }
            passwords: { reader: \(planted)-user }
            tls: { ca: \(folder.path)/key.pem, cert: \(folder.path)/key.pem, key: \(folder.path)/key.pem }
        repositories:
          s3: { endpoint: https://s3.example.org, bucket: b, access_key: \(planted)-a, secret_key: \(planted)-s }
        """
    }

    @Test(arguments: [["check"], ["check", "--output", "json"], ["serve"]])
    func `no secret of a configuration is said, whatever is wrong with its peers`(
        words: [String]
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("\(Self.planted)-file\n".utf8).write(to: folder.appending(path: "secret"))
        let key = "-----BEGIN PRIVATE KEY-----\n\(Self.planted)\n-----END PRIVATE KEY-----\n"
        try Data(key.utf8).write(to: folder.appending(path: "key.pem"))
        var text = Self.configuration(in: folder)
        // What cannot be a configuration is complained of with its line, and not with what stands there.
        if words == ["serve"] { text += "\nlisten_tls: { cert: a, key: \(Self.planted), more: 1 }" }
        let file = folder.appending(path: "flightlog.yaml")
        try Data(text.utf8).write(to: file)
        let result = try Self.run(words + ["--config", file.path])
        #expect(result.status != 0)
    }

    // MARK: The manual

    private struct Tool: Decodable {
        let command: Command
    }

    private struct Command: Decodable {
        let commandName: String
        let shouldDisplay: Bool?
        let arguments: [Argument]?
        let subcommands: [Command]?
    }

    private struct Argument: Decodable {
        struct Name: Decodable {
            let kind: String
            let name: String
        }

        let shouldDisplay: Bool
        let names: [Name]?
    }

    private static func manual() throws -> String {
        try String(contentsOf: root.appending(path: "docs/flightlog.1"), encoding: .utf8)
            .replacingOccurrences(of: "\\-", with: "-")
    }

    private static func expect(_ command: Command, _ path: [String], in manual: String) {
        guard command.commandName != "help" else { return }
        let subcommands = command.subcommands ?? []
        for subcommand in subcommands {
            expect(subcommand, path + [subcommand.commandName], in: manual)
        }
        guard subcommands.isEmpty, command.shouldDisplay != false else { return }
        let title = ".SS flightlog \(path.joined(separator: " "))\n"
        guard let start = manual.range(of: title) else {
            Issue.record("the manual has no \(title)")
            return
        }
        let section = manual[start.upperBound...].components(separatedBy: "\n.S")[0]
        for argument in command.arguments ?? [] where argument.shouldDisplay {
            for name in argument.names ?? [] where !["help", "h", "version"].contains(name.name) {
                #expect(section.contains("-\(name.name)"), "\(path) \(name.name)")
            }
        }
    }

    @Test func `the manual names every command with every option`() throws {
        let dump = try Self.run(["--experimental-dump-help"]).output
        let tool = try JSONDecoder().decode(Tool.self, from: Data(dump.utf8))
        Self.expect(tool.command, [], in: try Self.manual())
    }

    @Test func `the manual names every exit status`() throws {
        let manual = try Self.manual()
        for status in [0, 1, 3, 4, 5, 64, 65, 66, 69, 74, 75, 77, 78] {
            #expect(manual.contains("\n.B \(status)\n"))
        }
    }
}
