import Glibc

/// Kills a process that appends to a journal, again and again, and holds what is left against what was
/// acknowledged.
///
/// Usage: `flightlog-crash run [--cycles N] [--directory D] [--seed S]`
@main
struct CrashMain {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let options = Options(arguments.dropFirst())
        switch arguments.first {
        case "run":
            let code = await CrashRun(options).run()
            exit(code)
        case "write":
            await Producers(options).run()
        default:
            say("usage: flightlog-crash run [--cycles N] [--directory D] [--seed S]")
            exit(2)
        }
    }
}

/// What the command line says.
struct Options {
    var cycles = 1000
    var directory: String?
    var seed = UInt64.random(in: 0...UInt64.max)
    /// Of `write`: which cycle this is.
    var cycle: UInt64 = 0

    init(_ arguments: ArraySlice<String>) {
        var rest = arguments
        while let name = rest.popFirst() {
            guard let value = rest.popFirst() else { Self.refuse("\(name) needs a value") }
            switch name {
            case "--cycles": cycles = Self.number(name, value)
            case "--directory": directory = value
            case "--seed": seed = Self.number(name, value)
            case "--cycle": cycle = Self.number(name, value)
            default: Self.refuse("\(name) is unknown")
            }
        }
    }

    private static func number<Number: FixedWidthInteger>(_ name: String, _ text: String) -> Number
    {
        guard let number = Number(text) else { refuse("\(name) \(text) is no number") }
        return number
    }

    private static func refuse(_ reason: String) -> Never {
        say("flightlog-crash: \(reason)")
        exit(2)
    }
}

/// Writes a line to standard output at once, and whole, so that lines of several tasks do not mix.
func say(_ line: String) {
    let bytes = Array("\(line)\n".utf8)
    guard write(STDOUT_FILENO, bytes, bytes.count) == bytes.count else { exit(1) }
}
