/// What the process ends with; scripts rely on the numbers.
enum ExitStatus: Int32, CaseIterable, Sendable {
    case done = 0
    /// A failure that no other number fits.
    case failure = 1
    /// Done, but not all of it.
    case partial = 3
    /// A comparison or a verification found differences.
    case differences = 4
    /// Source history is missing, and what was asked for needs it.
    case gap = 5
    case usage = 64
    /// Data that fails its checksum or cannot be decoded.
    case corrupt = 65
    case notFound = 66
    /// A peer cannot be reached, or a part is not built yet.
    case unavailable = 69
    case inputOutput = 74
    /// Somebody else holds the lock.
    case busy = 75
    /// A peer, or flightlog itself, refuses.
    case refused = 77
    case configuration = 78
}
