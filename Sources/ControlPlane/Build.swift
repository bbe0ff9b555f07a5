/// Which Flightlog this is.
package enum Build {
    /// The version, as users see it.
    package static let version = "0.1.0"
}
