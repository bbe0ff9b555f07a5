import Operations
import Replay
import Testing

struct ProjectionTests {
    private func projection(
        include: [String] = [],
        exclude: [String] = [],
        rename: [String] = []
    ) throws -> Projection {
        try Projection(
            include: include.map(NamePattern.init),
            exclude: exclude.map(NamePattern.init),
            rename: rename.map(RenameRule.init)
        )
    }

    @Test func `without patterns everything keeps its name`() throws {
        #expect(
            Projection.everything.target(of: Make.name("b", in: "a")) == Make.name("b", in: "a")
        )
        #expect(
            Projection.everything.target(ofDatabase: "a")
                == Projection.Database(name: "a", isWhole: true)
        )
    }

    @Test func `what is excluded is not taken, even if included`() throws {
        let projection = try projection(include: ["a.*", "x"], exclude: ["a.tmp_*"])
        #expect(projection.target(of: Make.name("b", in: "a")) != nil)
        #expect(projection.target(of: Make.name("tmp_1", in: "a")) == nil)
        #expect(projection.target(of: Make.name("x")) != nil)
        #expect(projection.target(of: Make.name("y")) == nil)
    }

    @Test func `the first rename that fits counts`() throws {
        let projection = try projection(rename: ["a.b=c.d", "a.*=e.*", "x=y"])
        #expect(projection.target(of: Make.name("b", in: "a")) == Make.name("d", in: "c"))
        #expect(projection.target(of: Make.name("z", in: "a")) == Make.name("z", in: "e"))
        #expect(projection.target(of: Make.name("x")) == Make.name("y"))
        #expect(projection.target(of: Make.name("q")) == Make.name("q"))
        #expect(projection.target(ofDatabase: "a")?.name == "e")
    }

    @Test func `a database is whole only if all of it is taken`() throws {
        #expect(try projection(include: ["a.b"]).target(ofDatabase: "a")?.isWhole == false)
        #expect(try projection(include: ["a.*"]).target(ofDatabase: "a")?.isWhole == true)
        #expect(try projection(include: ["a.b"]).target(ofDatabase: "c") == nil)
        #expect(try projection(exclude: ["a.*"]).target(ofDatabase: "a") == nil)
    }

    @Test(arguments: [
        ["a.*=c.*", "a.b=c.d"], ["a.b=c.d", "a.b=c.e"], ["a.b=c.d", "x.y=c.d"],
    ])
    func `rules that hide or meet each other are refused`(rules: [String]) {
        #expect(throws: ReplayError.self) { try projection(rename: rules) }
    }

    @Test(arguments: [
        (["x.*"], [], "a.b=c.d"), ([], ["a.b"], "a.b=c.d"), (["a.b"], [], "a.c=a.d"),
        (["x.*"], [], "a.*=c.*"), ([], ["a.*"], "a.*=c.*"), (["x"], ["x"], "x=y"),
    ])
    func `a rule about what is not taken is refused`(
        include: [String],
        exclude: [String],
        rule: String
    ) {
        #expect {
            try projection(include: include, exclude: exclude, rename: [rule])
        } throws: { error in
            "\(error)".contains("never applies") && (error as? ReplayError)?.hint != nil
        }
    }

    @Test func `a rule about part of what is taken is fine`() throws {
        let some = try projection(include: ["a.b", "a.c"], rename: ["a.*=z.*"])
        #expect(some.target(of: Make.name("b", in: "a")) == Make.name("b", in: "z"))
        let other = try projection(exclude: ["a.tmp_*"], rename: ["a.x=a.tmp_x"])
        #expect(other.target(of: Make.name("x", in: "a")) == Make.name("tmp_x", in: "a"))
    }

    @Test func `two names can change places`() throws {
        let swapped = try projection(rename: ["a=b", "b=a"])
        #expect(swapped.target(of: Make.name("a")) == Make.name("b"))
        #expect(swapped.target(of: Make.name("b")) == Make.name("a"))
    }

    @Test func `operations are left out by the names that people see`() throws {
        #expect(
            try LeftOut.kinds(named: ["load", "release", "flush"]) == [.load, .release, .flush]
        )
        #expect(try LeftOut.kinds(named: ["rbac"]) == [.rbac])
        #expect(try LeftOut.kinds(named: []) == [])
        #expect {
            try LeftOut.kinds(named: ["lode"])
        } throws: { error in
            (error as? ReplayError)?.hint?.contains("load") == true
        }
    }

    @Test(arguments: [OperationKind.gap, .renameCollection])
    func `what would be missed cannot be left out`(kind: OperationKind) {
        #expect {
            try Projection(leftOut: [kind])
        } throws: { error in
            "\(error)".contains(kind.name)
        }
    }

    @Test(arguments: ["a.b", "a.b=", "a.*=c.d", "a.b=c.*", "*.b=c.d", "a.b*=c.d", "a.b=c=d", "=a"])
    func `what is no rename is refused with a hint`(text: String) {
        #expect {
            try RenameRule(text)
        } throws: { error in
            (error as? ReplayError)?.hint != nil
        }
    }
}
