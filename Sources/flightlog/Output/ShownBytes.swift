/// A number of bytes, as people read it.
struct ShownBytes: Hashable, CustomStringConvertible {
    private static let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]

    let bytes: Int

    init(_ bytes: Int) { self.bytes = bytes }

    /// With one digit after the point from a KiB on, such as `1.5 GiB`.
    var description: String {
        var (tenths, unit) = (bytes.multipliedReportingOverflow(by: 10).partialValue, 0)
        while tenths >= 10_240, unit + 1 < Self.units.count {
            tenths = (tenths + 512) / 1024
            unit += 1
        }
        return unit == 0
            ? "\(bytes) B" : "\(tenths / 10).\(tenths % 10) \(Self.units[unit])"
    }
}
