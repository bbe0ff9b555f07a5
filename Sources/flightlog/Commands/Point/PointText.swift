internal import ControlPlane
internal import Operations

extension PointDocument {
    /// The moment in UTC.
    var time: String { HybridTimestamp(rawValue: tso).time }
}
