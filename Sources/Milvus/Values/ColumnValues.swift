package import FoundationEssentials
internal import MilvusAPI
internal import Operations

/// What a vector of bytes is made of.
package enum VectorElement: Hashable, Sendable {
    /// Eight bits a byte.
    case bit
    /// IEEE 754 half precision, little-endian.
    case float16
    /// The upper half of a float, little-endian.
    case bfloat16
    case int8
}

/// The values of one column, one after another.
package indirect enum ColumnValues: Hashable, Sendable {
    case bools([Bool])
    /// Every integer type.
    case integers([Int64])
    /// Timestamptz, in microseconds since 1970.
    case instants([Int64])
    case floats([Float])
    case doubles([Double])
    case texts([String])
    /// JSON text.
    case json([Data])
    /// Geometries as the log holds them: well-known binary.
    case geometries([Data])
    /// Little-endian pairs of an index (`u32`) and a value (`f32`).
    case sparseVectors([Data])
    /// Bytes that mean nothing here.
    case blobs([Data])
    /// One list a row: arrays, and arrays of vectors.
    case lists([ColumnValues])
    /// `dimension` floats a row.
    case floatVectors([Float], dimension: Int)
    /// `width` bytes a row.
    case byteVectors(Data, width: Int, VectorElement)

    /// How many values.
    package var count: Int {
        switch self {
        case .bools(let values): values.count
        case .integers(let values), .instants(let values): values.count
        case .floats(let values): values.count
        case .doubles(let values): values.count
        case .texts(let values): values.count
        case .json(let values), .geometries(let values), .sparseVectors(let values),
            .blobs(let values):
            values.count
        case .lists(let values): values.count
        case .floatVectors(let values, let dimension): values.count / dimension
        case .byteVectors(let bytes, let width, _): bytes.count / width
        }
    }
}

extension ColumnValues {
    /// Appends one value as canonical JSON.
    func write(_ index: Int, to text: inout CanonicalText) {
        switch self {
        case .bools(let values): text.append(values[index] ? "true" : "false")
        case .integers(let values): text.append(number: values[index])
        case .instants(let values):
            text.append(string: Instant(microseconds: values[index]).text.utf8)
        case .floats(let values): text.append(hexOf: CollectionOfOne(values[index]))
        case .doubles(let values): text.append(hexOf: values[index])
        case .texts(let values): text.append(string: values[index].utf8)
        case .json(let values): Self.write(json: values[index], to: &text)
        case .geometries(let values): Self.write(geometry: values[index], to: &text)
        case .sparseVectors(let values), .blobs(let values): text.append(hexOf: values[index])
        case .lists(let values):
            let list = values[index]
            text.append("[")
            for element in 0..<list.count {
                if element > 0 { text.append(",") }
                list.write(element, to: &text)
            }
            text.append("]")
        case .floatVectors(let values, let dimension):
            text.append(hexOf: values[(index * dimension)..<((index + 1) * dimension)])
        case .byteVectors(let bytes, let width, _):
            let start = bytes.startIndex + index * width
            text.append(hexOf: bytes[start..<(start + width)])
        }
    }

    /// Appends JSON; what a source took for JSON and is none becomes `{"$x":` and its bytes' hex `}`.
    private static func write(json: Data, to text: inout CanonicalText) {
        if let value = try? JSONValue(parsing: json) { return value.write(to: &text) }
        write(unreadable: json, to: &text)
    }

    /// Appends a geometry as a query answers it, and what is none like JSON that is none.
    private static func write(geometry: Data, to text: inout CanonicalText) {
        if let wkt = try? WellKnownText(binary: geometry) { return text.append(string: wkt.utf8) }
        write(unreadable: geometry, to: &text)
    }

    private static func write(unreadable bytes: Data, to text: inout CanonicalText) {
        text.append("{\"$x\":")
        text.append(hexOf: bytes)
        text.append("}")
    }
}
