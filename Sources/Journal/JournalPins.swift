/// The pins of one journal: `pins/` in its directory.
///
/// Any process may put and remove them; a writer need not be there.
package struct JournalPins: Sendable {
    private let directory: JournalDirectory

    package init(at directory: String, storage: any Storage = PosixStorage()) {
        self.init(JournalDirectory(path: directory, storage: storage))
    }

    init(_ directory: JournalDirectory) { self.directory = directory }

    /// All of them, by kind and name, those included that have expired.
    ///
    /// - Throws: `JournalError`: `corrupt` for one that cannot be read, `io`.
    package func all() throws -> [JournalPin] {
        let names: [String]
        do {
            names = try directory.storage.list(directory: directory.pins)
        } catch  where error.code == .notFound {
            return []
        } catch {
            throw JournalError(error, "The pins of \(directory.path) cannot be listed")
        }
        return try names.filter { !$0.hasSuffix(".tmp") }.sorted().compactMap { file in
            let parts = file.split(separator: ".", maxSplits: 1)
            guard parts.count == 2, let kind = JournalPin.Kind(rawValue: String(parts[0])) else {
                throw JournalError(
                    .corrupt,
                    "\(directory.pins)/\(file) is no pin.",
                    hint: "Remove it if you put it there."
                )
            }
            return try pin(kind, String(parts[1]))
        }
    }

    /// One of them; nil if it is not there.
    ///
    /// - Throws: `JournalError`.
    package func pin(_ kind: JournalPin.Kind, _ name: String) throws -> JournalPin? {
        guard JournalPin.isName(name) else { return nil }
        let path = path(kind, name)
        guard let text = try directory.text(JournalPin.title, at: path) else { return nil }
        do {
            return try JournalPin(kind, name, text)
        } catch {
            throw JournalError(error, at: 0, of: path)
        }
    }

    /// Puts a pin in the place of the one with its name.
    ///
    /// - Throws: `JournalError`: `refused` for a name that a file cannot have, `full`, `io`.
    package func put(_ pin: JournalPin) throws {
        guard JournalPin.isName(pin.name) else {
            throw JournalError(
                .refused,
                "“\(pin.name)” is no name for a pin.",
                hint: "Use letters, digits, “.”, “_” and “-”."
            )
        }
        try directory.put(pin.text, at: path(pin.kind, pin.name), in: directory.pins)
    }

    /// Removes a pin, if it is there.
    ///
    /// - Throws: `JournalError`.
    package func remove(_ kind: JournalPin.Kind, _ name: String) throws {
        guard JournalPin.isName(name) else { return }
        try directory.remove(path(kind, name), in: directory.pins)
    }

    private func path(_ kind: JournalPin.Kind, _ name: String) -> String {
        "\(directory.pins)/\(kind.rawValue).\(name)"
    }
}
