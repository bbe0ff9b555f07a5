internal import Crypto

/// A token as its holder has it: `flightlog_ID_SECRET`, of which only the digest is kept.
///
/// The secret is 256 bits of the system's random numbers, so that nothing slower than SHA-256 is needed to
/// keep it from being guessed out of the catalog.
package struct BearerToken: Sendable {
    private static let prefix = "flightlog"
    private static let idWordCount = 1
    private static let secretWordCount = 4

    /// The part that is no secret.
    package let id: String
    /// The whole token; shown once, to whoever creates it.
    package let text: String

    /// A new one.
    package init() {
        var random = SystemRandomNumberGenerator()
        id = Self.hexadecimal(words: Self.idWordCount, &random)
        text = "\(Self.prefix)_\(id)_\(Self.hexadecimal(words: Self.secretWordCount, &random))"
    }

    /// What a caller shows; nil for what cannot be a token.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == Self.prefix,
            parts[1].utf8.count == Self.idWordCount * 16,
            parts[2].utf8.count == Self.secretWordCount * 16
        else { return nil }
        id = String(parts[1])
        self.text = String(text)
    }

    /// What the catalog keeps.
    package var digest: [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

    /// Whether this is the token of a digest, in a time that does not depend on where they differ.
    func matches(_ digest: [UInt8]) -> Bool { SHA256.hash(data: Array(text.utf8)) == digest }

    private static func hexadecimal(
        words: Int,
        _ random: inout SystemRandomNumberGenerator
    ) -> String {
        (0..<words).map { _ in
            let digits = String(random.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }.joined()
    }
}
