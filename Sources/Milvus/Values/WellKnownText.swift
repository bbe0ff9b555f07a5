internal import Operations

/// A geometry as text (WKT), made of the bytes that the log holds (WKB).
///
/// A client gives Milvus text, the log holds bytes, and a query answers with text again. This is the text of the
/// answer: coordinates are the shortest decimals that read back as the same double, without an exponent.
/// Source: OGC 06-103r4 §7 and §8; `internal/proxy/validate_util.go` of Milvus 2.6.
struct WellKnownText {
    /// Collections in collections beyond this depth are refused, so that no input can exhaust the stack.
    static let depthMax = 64

    /// UTF-8.
    private(set) var utf8: [UInt8] = []
    private var reader: BinaryGeometryReader

    /// Reads one geometry, and nothing may stand behind it.
    ///
    /// - Throws: if the bytes are no geometry, or one that text cannot express.
    init(binary: some Sequence<UInt8>) throws(CodingFailure) {
        reader = BinaryGeometryReader(Array(binary))
        try geometry(depth: 0)
        guard reader.isAtEnd else { throw CodingFailure("a geometry with bytes behind it") }
    }

    private mutating func geometry(depth: Int) throws(CodingFailure) {
        guard depth < Self.depthMax else { throw CodingFailure("geometries nested too deep") }
        let head = try reader.head()
        append(head.kind.name)
        append(head.dimensions.name)
        try body(head, depth)
    }

    /// What stands behind the name: brackets, or `EMPTY`.
    private mutating func body(_ head: GeometryHead, _ depth: Int) throws(CodingFailure) {
        if head.kind == .point { return try point(head, inBrackets: true) }
        let count = try reader.count(head)
        guard count > 0 else { return append("EMPTY") }
        append("(")
        for index in 0..<count {
            if index > 0 { append(", ") }
            try member(of: head, depth)
        }
        append(")")
    }

    private mutating func member(of head: GeometryHead, _ depth: Int) throws(CodingFailure) {
        switch head.kind {
        case .point, .lineString: try position(try reader.position(head))
        case .polygon: try body(head.with(.lineString), depth)
        case .multiPoint: try point(try reader.head(within: head, .point), inBrackets: false)
        case .multiLineString: try body(try reader.head(within: head, .lineString), depth)
        case .multiPolygon: try body(try reader.head(within: head, .polygon), depth)
        case .collection: try geometry(depth: depth + 1)
        }
    }

    /// A point; one without any coordinate is how an empty one is written in bytes.
    private mutating func point(
        _ head: GeometryHead,
        inBrackets: Bool
    ) throws(CodingFailure) {
        let coordinates = try reader.position(head)
        guard coordinates.contains(where: { $0.isNaN == false }) else { return append("EMPTY") }
        if inBrackets { append("(") }
        try position(coordinates)
        if inBrackets { append(")") }
    }

    private mutating func position(_ coordinates: [Double]) throws(CodingFailure) {
        for (index, coordinate) in coordinates.enumerated() {
            guard coordinate.isFinite else {
                throw CodingFailure("a geometry with the coordinate \(coordinate)")
            }
            if index > 0 { append(" ") }
            utf8 += PlainDecimal.utf8(coordinate)
        }
    }

    private mutating func append(_ literal: String) { utf8 += literal.utf8 }
}
