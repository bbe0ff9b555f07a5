/// What the names of sources, targets, repositories and tasks may look like.
enum EntityName {
    static let lengthMax = 64
    static let rule =
        "names are letters, digits, - _ and ., at most \(lengthMax), and begin with a letter or digit"

    static func isValid(_ name: String) -> Bool {
        guard let first = name.first, first.isASCII, first.isLetter || first.isNumber,
            name.utf8.count <= lengthMax
        else { return false }
        return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
    }
}
