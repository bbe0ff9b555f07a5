import Glibc
import Journal
import Operations

/// The process that is killed: several producers append to one journal, each telling what became durable.
///
/// Lines on standard output: `submit BATCH` before a batch is handed over, `durable BATCH SEQUENCE DIGEST` once
/// `append` would have returned, `failed REASON` if anything goes wrong.
struct Producers {
    private static let count = 6

    private let options: Options

    init(_ options: Options) { self.options = options }

    func run() async {
        do {
            let recipe = Recipe(seed: options.seed, cycle: options.cycle)
            let writer = try JournalWriter.open(
                at: options.directory ?? "",
                source: "crash",
                options: recipe.options
            )
            let turns = Turns(writer, recipe)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<Self.count {
                    group.addTask { while true { try await Self.append(turns) } }
                }
                try await group.waitForAll()
            }
        } catch {
            say("failed \(error)")
            exit(1)
        }
    }

    private static func append(_ turns: Turns) async throws {
        let (number, digest, pending) = try await turns.submit()
        let head = try await pending.durable()
        guard head.batch == number else {
            throw CrashFailure("batch \(number) was told that it is batch \(head.batch)")
        }
        say("durable \(number) \(head.sequence.rawValue) \(digest)")
    }
}

/// Lets producers submit one after another, so that numbers and timestamps go up in journal order.
private actor Turns {
    private let writer: JournalWriter
    private let recipe: Recipe
    private var last: UInt64
    private var previous: Task<Void, Never>?

    init(_ writer: JournalWriter, _ recipe: Recipe) {
        self.writer = writer
        self.recipe = recipe
        last = writer.head.batch
    }

    /// Hands the next batch over; returns when there was room for it.
    func submit() async throws -> (UInt64, digest: String, PendingAppend) {
        last += 1
        let (number, before, writer) = (last, previous, writer)
        let batch = recipe.batch(number)
        let digest = try batch.digest()
        let turn = Task {
            await before?.value
            say("submit \(number)")
            return try await writer.submit(batch)
        }
        previous = Task { _ = try? await turn.value }
        return (number, digest, try await turn.value)
    }
}

/// Something that must not be.
struct CrashFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
