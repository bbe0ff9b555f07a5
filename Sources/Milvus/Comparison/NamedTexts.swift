/// Names and values, compared with those of the other side.
struct NamedTexts {
    private var values: [String: String]

    init(_ values: [(String, String)]) {
        self.values = Dictionary(values, uniquingKeysWith: { _, last in last })
    }

    subscript(name: String) -> String {
        get { values[name] ?? "" }
        set { values[name] = newValue }
    }

    /// How the other side's values differ from these: sentences in the order of names.
    ///
    /// What is not there equals an empty text.
    func differences(from other: NamedTexts) -> [String] {
        Set(values.keys).union(other.values.keys).sorted().compactMap { name in
            let (here, there) = (self[name], other[name])
            guard here != there else { return nil }
            func text(_ value: String) -> String { value.isEmpty ? "unset" : "\"\(value)\"" }
            return "its \(name) is \(text(here)) on the source and \(text(there)) on the target"
        }
    }

    /// Which names are on one side only.
    static func names(_ source: [String], _ target: [String], _ what: String) -> [String] {
        let (here, there) = (Set(source), Set(target))
        return here.subtracting(there).sorted().map { "its \(what) \($0) is missing on the target" }
            + there.subtracting(here).sorted().map { "its \(what) \($0) is on the target only" }
    }
}
