package import Hummingbird

/// What belongs to one request.
package struct ControlContext: RequestContext {
    package var coreContext: CoreRequestContextStorage

    package init(source: Source) { coreContext = CoreRequestContextStorage(source: source) }

    /// The part of the path that a route leaves open, such as `id`.
    ///
    /// - Throws: `HTTPError` where the route has no such part.
    func part(_ name: String) throws -> String { try parameters.require(name) }
}
