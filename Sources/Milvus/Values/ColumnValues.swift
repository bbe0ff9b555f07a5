package import FoundationEssentials
internal import MilvusAPI
internal import Operations

/// The values of one column, one after another.
package indirect enum ColumnValues: Hashable, Sendable {
    case bools([Bool])
    /// Every integer type, and Timestamptz in microseconds since 1970.
    case integers([Int64])
    case floats([Float])
    case doubles([Double])
    case texts([String])
    /// JSON text.
    case json([Data])
    /// Bytes that are shown as hex: geometry, and sparse vectors (little-endian pairs of `u32` and `f32`).
    case blobs([Data])
    /// One list a row: arrays, and arrays of vectors.
    case lists([ColumnValues])
    /// `dimension` floats a row.
    case floatVectors([Float], dimension: Int)
    /// `width` bytes a row: binary, 16-bit and 8-bit vectors.
    case byteVectors(Data, width: Int)

    /// How many values.
    package var count: Int {
        switch self {
        case .bools(let values): values.count
        case .integers(let values): values.count
        case .floats(let values): values.count
        case .doubles(let values): values.count
        case .texts(let values): values.count
        case .json(let values), .blobs(let values): values.count
        case .lists(let values): values.count
        case .floatVectors(let values, let dimension): values.count / dimension
        case .byteVectors(let bytes, let width): bytes.count / width
        }
    }
}

extension ColumnValues {
    /// Appends one value as canonical JSON.
    func write(_ index: Int, to text: inout CanonicalText) {
        switch self {
        case .bools(let values): text.append(values[index] ? "true" : "false")
        case .integers(let values): text.append(number: values[index])
        case .floats(let values): text.append(hexOf: CollectionOfOne(values[index]))
        case .doubles(let values): text.append(hexOf: values[index])
        case .texts(let values): text.append(string: values[index].utf8)
        case .json(let values): Self.write(json: values[index], to: &text)
        case .blobs(let values): text.append(hexOf: values[index])
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
        case .byteVectors(let bytes, let width):
            let start = bytes.startIndex + index * width
            text.append(hexOf: bytes[start..<(start + width)])
        }
    }

    /// Appends JSON; what a source took for JSON and is none becomes `{"$x":` and its bytes' hex `}`.
    private static func write(json: Data, to text: inout CanonicalText) {
        if let value = try? JSONValue(parsing: json) { return value.write(to: &text) }
        text.append("{\"$x\":")
        text.append(hexOf: json)
        text.append("}")
    }
}
