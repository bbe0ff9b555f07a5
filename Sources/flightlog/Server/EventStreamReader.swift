/// Reads server-sent events from the bytes of an answer, however they are cut.
///
/// Source: “Server-sent events” in the HTML standard of the WHATWG.
struct EventStreamReader: Sendable {
    /// How long a line may be; an event of ours has a few hundred bytes.
    private static let lineLengthMaxBytes = 1 << 20

    /// The id of the newest event, or of the place where the stream began; nil before either came.
    private(set) var lastID: String?
    /// How long to wait before connecting again, as the server wishes.
    private(set) var pause = Duration.seconds(1)
    private var line: [UInt8] = []
    private var newID: String?
    private var data: String?

    /// Takes a piece of the stream.
    ///
    /// - Returns: The data of each event that it completes.
    /// - Throws: `CommandFailure` for a line without an end.
    mutating func take(_ bytes: [UInt8]) throws -> [String] {
        var found: [String] = []
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") else {
                guard line.count < Self.lineLengthMaxBytes else {
                    throw CommandFailure(.failure, "the server sends a line without an end")
                }
                line.append(byte)
                continue
            }
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if let event = end(String(decoding: line, as: UTF8.self)) { found.append(event) }
            line = []
        }
        return found
    }

    /// Forgets what a connection that was cut had begun to say.
    mutating func reconnect() { (line, newID, data) = ([], nil, nil) }

    /// Takes a whole line; the data of the event that it ends, if it does.
    private mutating func end(_ line: String) -> String? {
        guard !line.isEmpty else {
            // Only now: an event that was cut off in the middle has to come again.
            lastID = newID ?? lastID
            defer { data = nil }
            return data
        }
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        var value = parts.count == 2 ? parts[1] : ""
        if value.first == " " { value.removeFirst() }
        switch parts[0] {
        case "id": newID = String(value)
        case "data": data = data.map { "\($0)\n\(value)" } ?? String(value)
        case "retry": pause = Int64(value).map { .milliseconds(min(max($0, 0), 60_000)) } ?? pause
        default: break
        }
        return nil
    }
}
