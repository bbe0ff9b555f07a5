internal import ArgumentParser
struct Compare: AsyncParsableCommand { func run() async throws { throw CommandFailure.notBuilt("compare") } }
