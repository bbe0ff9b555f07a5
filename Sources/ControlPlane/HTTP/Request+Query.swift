internal import HTTPTypes
internal import Hummingbird

extension Request {
    /// The text of a query parameter; nil where it is not there.
    ///
    /// - Throws: `Problem` with code `invalid` where it is there twice.
    func query(_ name: String) throws -> String? {
        let values = uri.queryParameters.getAll(name)
        guard values.count < 2 else {
            throw Problem(.invalid, "The parameter \(name) is there \(values.count) times.")
        }
        return values.first
    }

    /// The whole number of a query parameter; nil where it is not there.
    ///
    /// - Throws: `Problem` with code `invalid`.
    func query(_ name: String, in range: ClosedRange<Int64>) throws -> Int64? {
        try query(name).map { try Self.number($0, in: range, of: "The parameter \(name)") }
    }

    /// The whole number of a header; nil where it is not there.
    ///
    /// - Throws: `Problem` with code `invalid`, also where it is there twice.
    func header(_ name: HTTPField.Name, in range: ClosedRange<Int64>) throws -> Int64? {
        try headers[name].map { try Self.number($0, in: range, of: "The header \(name)") }
    }

    private static func number(
        _ text: String,
        in range: ClosedRange<Int64>,
        of what: String
    ) throws -> Int64 {
        guard let number = Int64(text), range.contains(number), text.first != "+" else {
            throw Problem(
                .invalid,
                "\(what) is not a number from \(range.lowerBound) to \(range.upperBound)."
            )
        }
        return number
    }

    /// The truth value of a query parameter; false where it is not there.
    ///
    /// - Throws: `Problem` with code `invalid`.
    func flag(_ name: String) throws -> Bool {
        switch try query(name) {
        case nil, "false": false
        case "true": true
        default: throw Problem(.invalid, "The parameter \(name) is neither true nor false.")
        }
    }
}
