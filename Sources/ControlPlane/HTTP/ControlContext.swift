package import Hummingbird
internal import NIOCore

/// What belongs to one request.
package struct ControlContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The address of whoever asks.
    let address: String

    package init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
        address = source.channel.remoteAddress?.ipAddress ?? "local"
    }

    /// The part of the path that a route leaves open, such as `id`.
    ///
    /// - Throws: `HTTPError` where the route has no such part.
    func part(_ name: String) throws -> String { try parameters.require(name) }
}
