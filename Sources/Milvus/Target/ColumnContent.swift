internal import Replay

extension ColumnParts.Content {
    /// The members of `ScalarField` that are lists of numbers, which are packed into one record.
    static let numbers: Set<UInt64> = [1, 2, 3, 4, 5, 11]

    /// No value of a data type, where even the list of values is left out.
    static func none(of type: UInt64, dimension: UInt64) -> ColumnParts.Content {
        switch type {
        case 100...106:
            .vectors(member: vectorMembers[type] ?? 2, dimension: dimension, [])
        default:
            .scalars(member: scalarMembers[type] ?? 6, [])
        }
    }

    /// The member of `ScalarField` that holds the values of a data type in the log.
    private static let scalarMembers: [UInt64: UInt64] = [
        1: 1, 2: 2, 3: 2, 4: 2, 5: 3, 10: 4, 11: 5, 20: 6, 21: 6, 22: 8, 23: 9, 24: 10, 26: 11,
    ]

    /// The member of `VectorField`, likewise.
    private static let vectorMembers: [UInt64: UInt64] = [
        100: 3, 101: 2, 102: 4, 103: 5, 104: 6, 105: 7, 106: 8,
    ]

    /// Whether a request holds these values in another form than the log.
    var isConverted: Bool {
        if case .scalars(let member, _) = self { member == 10 || member == 11 } else { false }
    }

    /// The values as a request holds them: geometries and moments as text, all others as they are.
    ///
    /// - Throws: `WireFailure` if the values cannot be read; `TargetFailure` with code `unsupported` for a value
    ///   that a request cannot hold.
    func converted(_ column: String) throws -> ColumnParts.Content {
        guard case .scalars(let member, let bytes) = self, isConverted else { return self }
        return member == 10
            ? .scalars(member: 12, try Self.geometries(bytes, column)[...])
            : .scalars(member: 6, try Self.instants(bytes, column)[...])
    }

    /// A `GeometryWktArray` made of a `GeometryArray`.
    private static func geometries(
        _ bytes: ArraySlice<UInt8>,
        _ column: String
    ) throws -> [UInt8] {
        var texts: [UInt8] = []
        var cursor = WireCursor(0..<bytes.count)
        while let record = try cursor.next(bytes.span) {
            guard record.field == 1 else { continue }
            let geometry = bytes.part(try record.body)
            do {
                texts.appendRecord(tag: 0x0a, try WellKnownText(binary: geometry).utf8)
            } catch {
                throw WireFailure("the column \(column) holds \(error)")
            }
        }
        return texts
    }

    /// A `StringArray` made of a `TimestamptzArray`.
    private static func instants(_ bytes: ArraySlice<UInt8>, _ column: String) throws -> [UInt8] {
        var texts: [UInt8] = []
        func append(_ number: UInt64) throws {
            let instant = Instant(microseconds: Int64(bitPattern: number))
            guard let text = instant.requestText else {
                throw TargetFailure(
                    code: .unsupported,
                    message:
                        "The column \(column) holds the moment \(instant.text), and a request takes"
                        + " years of four digits."
                )
            }
            texts.appendRecord(tag: 0x0a, Array(text.utf8))
        }
        var cursor = WireCursor(0..<bytes.count)
        while let record = try cursor.next(bytes.span) {
            guard record.field == 1 else { continue }
            guard record.kind == .bytes else {
                try append(try record.number)
                continue
            }
            var numbers = WireCursor(record.content)
            while numbers.position < record.content.upperBound {
                try append(try numbers.varint(bytes.span))
            }
        }
        return texts
    }
}
