extension DecodedColumn {
    /// The longest text of a value that is shown as a whole, in characters.
    private static let shownMax = 60

    /// How the value of a row differs from that of a row of another column; nil if it does not.
    func difference(_ row: Int, _ other: DecodedColumn, _ otherRow: Int) -> String? {
        var (here, there) = (CanonicalText(), CanonicalText())
        write(row: row, to: &here)
        other.write(row: otherRow, to: &there)
        guard here != there else { return nil }
        if let element = firstElement(row, other, otherRow) { return "\(name)\(element)" }
        let source = Self.cut(readable(row) ?? here.text)
        let target = Self.cut(other.readable(otherRow) ?? there.text)
        return "\(name) is \(source) on the source and \(target) on the target"
    }

    private static func cut(_ text: String) -> String {
        text.count > shownMax ? "\(text.prefix(shownMax))…" : text
    }

    /// Floats as people write them; nil for anything else.
    private func readable(_ row: Int) -> String? {
        guard rowCount == values.count else { return nil }
        return switch values {
        case .floats(let values): "\(values[row])"
        case .doubles(let values): "\(values[row])"
        default: nil
        }
    }

    /// The first element in which two float vectors differ.
    private func firstElement(_ row: Int, _ other: DecodedColumn, _ otherRow: Int) -> String? {
        guard case .floatVectors(let here, let dimension) = values,
            case .floatVectors(let there, dimension) = other.values,
            rowCount == values.count, other.rowCount == other.values.count
        else { return nil }
        for element in 0..<dimension {
            let (source, target) = (
                here[row * dimension + element], there[otherRow * dimension + element]
            )
            if source.bitPattern != target.bitPattern {
                return "[\(element)] is \(source) on the source and \(target) on the target"
            }
        }
        return nil
    }
}
