/// A small text file of `key value` lines that ends in its own checksum.
///
///     flightlog pin 1
///     first 1
///     crc32c 5d1a9c02
///
/// The first line says what it is and in which version; the last is the CRC-32C of all before it, in
/// hexadecimal. A key may stand several times.
struct SealedText {
    /// What the file is.
    let title: String
    private(set) var lines: [(key: String, value: String)] = []

    private static let seal = "crc32c"
    /// Far more than any of these files takes.
    static let sizeMaxBytes = 4 << 20

    init(_ title: String) { self.title = title }

    /// - Throws: `FormatFailure` for anything but what `bytes` gives.
    init(_ title: String, decoding bytes: [UInt8]) throws(FormatFailure) {
        self.init(title)
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count >= 3, lines.last?.isEmpty == true,
            let sealed = lines.dropLast().last, let first = lines.first
        else { throw FormatFailure("no \(title)") }
        let body = bytes[..<sealed.startIndex]
        guard String(decoding: sealed, as: UTF8.self) == Self.sealed(body) else {
            throw FormatFailure("a \(title) that fails its checksum")
        }
        guard String(decoding: first, as: UTF8.self) == title else {
            throw FormatFailure("another file than a \(title)", isNewer: true)
        }
        for line in lines.dropFirst().dropLast(2) {
            let text = String(decoding: line, as: UTF8.self)
            guard let space = text.firstIndex(of: " ") else {
                throw FormatFailure("a line without a value in a \(title)")
            }
            add(String(text[..<space]), String(text[text.index(after: space)...]))
        }
    }

    mutating func add(_ key: String, _ value: some CustomStringConvertible) {
        lines.append((key, value.description))
    }

    /// The file's bytes.
    var bytes: [UInt8] {
        let text = lines.reduce(into: title + "\n") { $0 += "\($1.key) \($1.value)\n" }
        let body = Array(text.utf8)
        return body + Array((Self.sealed(body[...]) + "\n").utf8)
    }

    /// The value of a key; nil if it is not there.
    subscript(_ key: String) -> String? { lines.first { $0.key == key }?.value }

    /// The number of a key.
    ///
    /// - Throws: `FormatFailure` if it is not there, or is no number.
    func number<Number: FixedWidthInteger>(_ key: String) throws(FormatFailure) -> Number {
        guard let number = self[key].flatMap({ Number($0) }) else {
            throw FormatFailure("a \(title) without \(key)")
        }
        return number
    }

    private static func sealed(_ body: ArraySlice<UInt8>) -> String {
        let digits = String(Checksum.extend(0, over: body), radix: 16)
        return "\(seal) \(String(repeating: "0", count: 8 - digits.count))\(digits)"
    }
}

extension JournalDirectory {
    /// Reads a sealed text; nil if there is no such file.
    ///
    /// - Throws: `JournalError`.
    func text(_ title: String, at path: String) throws -> SealedText? {
        do {
            let file = try storage.open(path, for: .reading)
            let size = min(try file.size(), SealedText.sizeMaxBytes)
            let bytes = try file.read(at: 0, count: size)
            return try SealedText(title, decoding: bytes)
        } catch let failure as StorageFailure {
            guard failure.code != .notFound else { return nil }
            throw JournalError(failure, "\(path) cannot be read")
        } catch {
            throw JournalError(error, at: 0, of: path)
        }
    }

    /// Puts a sealed text in the place of whatever has that name: wholly and durably, or not at all.
    ///
    /// - Throws: `JournalError`.
    func put(_ text: SealedText, at path: String, in parent: String) throws {
        do {
            try storage.create(directory: parent)
            let file = try storage.open(path + ".tmp", for: .replacing)
            try file.write(text.bytes, at: 0)
            try file.sync()
            try storage.rename(path + ".tmp", to: path)
            try storage.sync(directory: parent)
        } catch {
            throw JournalError(error, "\(path) cannot be written")
        }
    }

    /// Removes a file, if it is there.
    ///
    /// - Throws: `JournalError`.
    func remove(_ path: String, in parent: String) throws {
        do {
            try storage.remove(path)
            try storage.sync(directory: parent)
        } catch  where error.code == .notFound {
            return
        } catch {
            throw JournalError(error, "\(path) cannot be removed")
        }
    }
}
