#if canImport(Glibc)
internal import Glibc
#endif

/// One of the process's own streams, written in whole lines without a buffer of the C library.
///
/// What is written before a crash is therefore seen, whether or not the stream is a terminal.
struct StandardStream: Sendable {
    /// Data, and nothing else.
    static let output = StandardStream(descriptor: STDOUT_FILENO)
    /// Everything that is not data.
    static let error = StandardStream(descriptor: STDERR_FILENO)

    private let descriptor: Int32

    /// Whether a person is likely to look at it.
    var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Writes a text and a newline.
    func line(_ text: String) throws { try write(text + "\n") }

    /// Writes all of a text.
    ///
    /// - Throws: A failure with status `inputOutput`; a reader that went away is told the same way.
    func write(_ text: String) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            }
            if written < 0, errno == EINTR { continue }
            guard written >= 0 else {
                throw CommandFailure(
                    .inputOutput,
                    "the output cannot be written (error \(errno))"
                )
            }
            rest = rest.dropFirst(written)
        }
    }
}
