/// A coding key made of text, for dictionaries whose keys are identities or channels.
private struct TextKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ text: String) { stringValue = text }

    init?(stringValue: String) { self.stringValue = stringValue }

    init?(intValue: Int) { nil }
}

extension Identity {
    package var codingKey: any CodingKey { TextKey(description) }

    package init?(codingKey: some CodingKey) {
        guard let value = RawValue(codingKey.stringValue) else { return nil }
        self.init(rawValue: value)
    }
}

extension DatabaseID: CodingKeyRepresentable {}
extension CollectionID: CodingKeyRepresentable {}
extension PartitionID: CodingKeyRepresentable {}
extension IndexID: CodingKeyRepresentable {}

extension PhysicalChannel: CodingKeyRepresentable {
    package var codingKey: any CodingKey { TextKey(name) }

    package init?(codingKey: some CodingKey) { self.init(codingKey.stringValue) }
}
