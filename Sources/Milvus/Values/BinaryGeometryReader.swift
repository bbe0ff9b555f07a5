internal import Operations

/// How a geometry in bytes begins: byte order, kind and dimensions.
struct GeometryHead: Hashable {
    /// The kinds that Milvus knows, by their code.
    enum Kind: UInt32 {
        case point = 1
        case lineString, polygon, multiPoint, multiLineString, multiPolygon, collection

        /// The name in text, with a space behind it.
        var name: String {
            switch self {
            case .point: "POINT "
            case .lineString: "LINESTRING "
            case .polygon: "POLYGON "
            case .multiPoint: "MULTIPOINT "
            case .multiLineString: "MULTILINESTRING "
            case .multiPolygon: "MULTIPOLYGON "
            case .collection: "GEOMETRYCOLLECTION "
            }
        }
    }

    /// What a position holds besides x and y.
    enum Dimensions: UInt32 {
        case plane = 0
        case height, measure, heightAndMeasure

        /// The mark in text, with a space behind it if there is one.
        var name: String {
            switch self {
            case .plane: ""
            case .height: "Z "
            case .measure: "M "
            case .heightAndMeasure: "ZM "
            }
        }

        /// How many numbers a position has.
        var count: Int {
            switch self {
            case .plane: 2
            case .height, .measure: 3
            case .heightAndMeasure: 4
            }
        }
    }

    let isLittleEndian: Bool
    let kind: Kind
    let dimensions: Dimensions

    func with(_ kind: Kind) -> GeometryHead {
        GeometryHead(isLittleEndian: isLittleEndian, kind: kind, dimensions: dimensions)
    }

    /// The fewest bytes that a member takes, which bounds how many there can be.
    var leastMemberSize: Int {
        switch kind {
        case .point, .lineString: 8 * dimensions.count
        case .polygon: 4
        case .multiPoint: 5 + 8 * dimensions.count
        case .multiLineString, .multiPolygon, .collection: 9
        }
    }
}

/// Reads well-known binary (WKB), never beyond its end.
///
/// Kinds are those of the standard, with 1000, 2000 or 3000 added for further dimensions, and those of PostGIS, with
/// flags for them. A reference system (SRID) is refused, since text cannot say it.
struct BinaryGeometryReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func head() throws(CodingFailure) -> GeometryHead {
        guard position < bytes.count else { throw Self.cutOff }
        let order = bytes[position]
        guard order <= 1 else { throw CodingFailure("a geometry with the byte order \(order)") }
        position += 1
        let code = UInt32(truncatingIfNeeded: try number(4, order == 1))
        guard code & 0x2000_0000 == 0 else {
            throw CodingFailure("a geometry with a reference system")
        }
        let flags = code >> 31 | (code >> 30 & 1) << 1
        let plain = code & 0x1fff_ffff
        guard let kind = GeometryHead.Kind(rawValue: plain % 1000),
            let dimensions = GeometryHead.Dimensions(rawValue: plain / 1000 | flags)
        else { throw CodingFailure("a geometry of the kind \(code)") }
        return GeometryHead(isLittleEndian: order == 1, kind: kind, dimensions: dimensions)
    }

    /// The head of a member that must be of one kind and have the dimensions of the whole.
    mutating func head(
        within whole: GeometryHead,
        _ kind: GeometryHead.Kind
    ) throws(CodingFailure) -> GeometryHead {
        let head = try head()
        guard head.kind == kind, head.dimensions == whole.dimensions else {
            throw CodingFailure("a \(head.kind) in a \(whole.kind)")
        }
        return head
    }

    /// How many members follow, which is never more than the bytes have room for.
    mutating func count(_ head: GeometryHead) throws(CodingFailure) -> Int {
        let count = Int(try number(4, head.isLittleEndian))
        guard count <= (bytes.count - position) / head.leastMemberSize else { throw Self.cutOff }
        return count
    }

    /// The numbers of one position.
    mutating func position(_ head: GeometryHead) throws(CodingFailure) -> [Double] {
        var coordinates: [Double] = []
        for _ in 0..<head.dimensions.count {
            coordinates.append(Double(bitPattern: try number(8, head.isLittleEndian)))
        }
        return coordinates
    }

    private mutating func number(
        _ width: Int,
        _ isLittleEndian: Bool
    ) throws(CodingFailure) -> UInt64 {
        guard width <= bytes.count - position else { throw Self.cutOff }
        let part = bytes[position..<(position + width)]
        position += width
        return isLittleEndian
            ? part.reversed().reduce(0) { $0 << 8 | UInt64($1) }
            : part.reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static var cutOff: CodingFailure { CodingFailure("a geometry that is cut off") }
}
