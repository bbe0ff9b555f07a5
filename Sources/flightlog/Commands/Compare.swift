internal import ArgumentParser
internal import FoundationEssentials
internal import Milvus
internal import Operations
internal import Replay

/// `flightlog compare`: holds one Milvus against another.
struct Compare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compares what two Milvus servers hold, row by row.",
        discussion: """
            Prints each difference on a line of its own, and "N passed, N failed" last. Ends with 0 where \
            nothing differs, with 4 where something does, and with 3 where nothing that was compared \
            differs but something could not be compared. Tokens are taken from \
            $\(Compare.sourceTokenVariable) and $\(Restore.tokenVariable).

            Examples:
              flightlog compare http://127.0.0.1:19530 http://127.0.0.1:19531
              flightlog compare http://127.0.0.1:19530 http://127.0.0.1:19531 --include 'shop.*' --load
            """
    )

    static let sourceTokenVariable = "FLIGHTLOG_SOURCE_TOKEN"

    @Argument(help: ArgumentHelp("The Milvus that counts.", valueName: "source-uri"))
    var source: String

    @Argument(help: ArgumentHelp("The Milvus that is held against it.", valueName: "target-uri"))
    var target: String

    @OptionGroup var chosen: ProjectionOptions

    @Flag(help: "Load collections that are not loaded while their rows are compared.")
    var load = false

    @OptionGroup var shown: OutputOptions

    func run() async throws {
        let projection = try chosen.projection()
        let report = try await report(projection)
        switch shown.output {
        case .text: try StandardStream.output.line(report.lines.joined(separator: "\n"))
        case .json, .jsonl:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            if shown.output == .json { encoder.outputFormatting.insert(.prettyPrinted) }
            try StandardStream.output.line(
                String(decoding: try encoder.encode(report), as: UTF8.self)
            )
        }
        guard report.isEqual else {
            throw CommandFailure(.differences, "\(report.differences.count) differences were found")
        }
        guard report.isComplete else {
            throw CommandFailure(
                .partial,
                "\(report.skipped.count) collections could not be compared",
                hint: "rows can be compared where both sides have the collection loaded; see --load"
            )
        }
    }

    private func report(_ projection: Projection) async throws -> ComparisonReport {
        let environment = ProcessInfo.processInfo.environment
        func milvus(_ address: String, _ variable: String) throws -> MilvusConnection {
            try MilvusSettings(address: address, token: environment[variable].map(Secret.init))
                .connection()
        }
        let here = try milvus(source, Compare.sourceTokenVariable)
        let there = try milvus(target, Restore.tokenVariable)
        let load = load
        let progress = ComparisonProgress(shown)
        return try await here.carried { here in
            try await there.carried { there in
                try await Comparison(
                    source: here,
                    target: there,
                    projection: projection,
                    loads: load,
                    progress: { name, rows in progress.tell(name, rows) }
                ).run()
            }
        }
    }
}

/// Tells on standard error now and then how far a comparison is.
private final class ComparisonProgress: Sendable {
    private let shown: OutputOptions

    init(_ shown: OutputOptions) { self.shown = shown }

    func tell(_ name: CollectionName, _ rows: Int) {
        // What cannot be told is no reason to stop comparing.
        try? shown.progress("\(name): \(rows) rows compared")
    }
}
