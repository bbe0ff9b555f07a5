/// A text that is never shown: not in messages, not in logs, not in a dump of what holds it.
struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The text itself, for the peer that asks for it and nobody else.
    let revealed: String

    init(_ revealed: String) { self.revealed = revealed }

    var description: String { "*****" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
