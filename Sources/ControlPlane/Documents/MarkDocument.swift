package import Operations

/// A place in a journal, as JSON: `{"sequence": N, "tso": N}`.
package struct MarkDocument: Codable, Hashable, Sendable {
    package var sequence: UInt64
    package var tso: UInt64

    package init(_ sequence: SequenceNumber, _ timestamp: HybridTimestamp) {
        self.sequence = sequence.rawValue
        tso = timestamp.rawValue
    }
}
