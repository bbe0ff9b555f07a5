import Testing

@testable import flightlog

@Suite struct ExitStatusTests {
    @Test func `the numbers are those that scripts rely on`() {
        #expect(
            ExitStatus.allCases.map(\.rawValue)
                == [0, 1, 3, 4, 5, 64, 65, 66, 69, 74, 75, 77, 78]
        )
    }

    @Test(arguments: [
        ("there is no task a", "There is no task a."), ("Done.", "Done."),
        ("http://a:1 is away", "http://a:1 is away."), ("“a” is no name.", "“a” is no name."),
        ("journal.yaml: line 1: bad", "journal.yaml: line 1: bad."),
    ])
    func `whoever wrote a sentence, it is shown as one`(text: String, shown: String) {
        #expect(text.sentence == shown)
    }

    @Test func `a failure is a sentence and a hint`() {
        let failure = CommandFailure(.busy, "it is in use", hint: "stop the other one")
        #expect(failure.lines == ["flightlog: It is in use.", "hint: Stop the other one."])
    }

    @Test func `a configuration that is wrong ends with 78`() {
        let failure = CommandFailure(SettingsFailure(line: 3, "bad") as any Error)
        #expect(failure.status == .configuration)
        #expect(failure.message.contains("line 3"))
    }
}
