/// Something that could not be taken over and is left for a person to do; the replay goes on.
package struct Notice: Hashable, Sendable, Codable {
    /// What it is about, such as `user ann`; there is one notice for each subject.
    package let subject: String
    /// One sentence: what is the case, and what to do.
    package let text: String

    package init(subject: String, text: String) {
        self.subject = subject
        self.text = text
    }
}

/// What an applied step does to the notices.
package struct NoticeChange: Hashable, Sendable {
    /// The subjects of notices of which nothing is left to do.
    package let cleared: [String]
    /// In place of an earlier one about the same subject.
    package let added: Notice?

    package init(adding notice: Notice) { (cleared, added) = ([], notice) }

    package init(clearing subjects: [String]) { (cleared, added) = (subjects, nil) }
}
