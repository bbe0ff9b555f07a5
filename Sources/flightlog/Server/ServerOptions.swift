internal import ArgumentParser
internal import FoundationEssentials

/// Which server a command talks to.
struct ServerOptions: ParsableArguments {
    static let addressVariable = "FLIGHTLOG_SERVER"
    static let tokenVariable = "FLIGHTLOG_TOKEN"
    static let authoritiesVariable = "FLIGHTLOG_CA"
    static let defaultAddress = "http://127.0.0.1:8444"

    @Option(
        help: ArgumentHelp(
            "The address of the server. (default: $FLIGHTLOG_SERVER, or \(defaultAddress))",
            valueName: "url"
        )
    )
    var server: String?

    @Option(
        help: ArgumentHelp(
            "PEM file of the authorities to trust, for https. (default: $FLIGHTLOG_CA, or the system's)",
            valueName: "file"
        )
    )
    var ca: String?

    /// A connection to the server that was named.
    var client: ServerClient {
        let environment = ProcessInfo.processInfo.environment
        var address = server ?? environment[ServerOptions.addressVariable] ?? ""
        if address.isEmpty { address = ServerOptions.defaultAddress }
        while address.last == "/" { address.removeLast() }
        return ServerClient(
            address: address,
            token: environment[ServerOptions.tokenVariable].map(Secret.init),
            authorities: ca ?? environment[ServerOptions.authoritiesVariable]
        )
    }
}
