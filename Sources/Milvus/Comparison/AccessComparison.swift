internal import Operations
internal import Replay

/// Compares users with their roles, roles with their grants, and privilege groups; passwords, no server tells.
struct AccessComparison {
    private let source: MilvusConnection
    private let target: MilvusConnection
    private let projection: Projection

    init(_ source: MilvusConnection, _ target: MilvusConnection, _ projection: Projection) {
        self.source = source
        self.target = target
        self.projection = projection
    }

    func run(_ report: inout ComparisonReport) async throws {
        let (here, there) = (try await source.server(), try await target.server())
        for server in [here, there] where server.unsupported.contains(.rbac) {
            return report.note(
                "users, roles and grants",
                "they are not compared, since \(server.description) has none"
            )
        }
        let access = try await AccessFacts(source)
        let found = try await AccessFacts(target)
        compareUsers(access, found, &report)
        compareRoles(access, found, isSameVersion: here == there, &report)
        compareGroups(access, found, &report)
    }

    private func compareUsers(
        _ here: AccessFacts,
        _ there: AccessFacts,
        _ report: inout ComparisonReport
    ) {
        report.compared.users += here.users.count
        for (name, roles) in here.users.sorted(by: { $0.key < $1.key }) {
            guard let found = there.users[name] else {
                report.check("user \(name)", ["the user is missing on the target"])
                continue
            }
            report.check("user \(name)", NamedTexts.names(roles, found, "role"))
        }
        for name in there.users.keys.sorted() where here.users[name] == nil {
            report.check("user \(name)", ["the user is on the target only"])
        }
    }

    private func compareRoles(
        _ here: AccessFacts,
        _ there: AccessFacts,
        isSameVersion: Bool,
        _ report: inout ComparisonReport
    ) {
        report.compared.roles += here.roles.count
        for role in here.roles.union(there.roles).sorted() {
            let subject = "role \(role)"
            guard here.roles.contains(role) else {
                report.check(subject, ["the role is on the target only"])
                continue
            }
            guard there.roles.contains(role) else {
                report.check(subject, ["the role is missing on the target"])
                continue
            }
            let wanted = here.grants.filter { $0.role == role }.compactMap(projection.target(of:))
            let expected = Set(wanted)
            // With renames it cannot be told what a name on the target would be called at the source.
            let found = there.grants.filter { grant in
                grant.role == role
                    && (projection.rename.isEmpty
                        ? projection.target(of: grant) == grant : expected.contains(grant))
            }
            report.compared.grants += wanted.count
            let differences = NamedTexts.names(
                wanted.map(\.right),
                found.map(\.right),
                "grant"
            )
            // Each version gives its own roles what it thinks fit.
            if BuiltInAccess.roles.contains(role), !isSameVersion {
                for difference in differences { report.note(subject, difference) }
            } else {
                report.check(subject, differences)
            }
        }
    }

    private func compareGroups(
        _ here: AccessFacts,
        _ there: AccessFacts,
        _ report: inout ComparisonReport
    ) {
        for name in Set(here.groups.keys).union(there.groups.keys).sorted() {
            let subject = "privilege group \(name)"
            switch (here.groups[name], there.groups[name]) {
            case (nil, _): report.check(subject, ["the group is on the target only"])
            case (_, nil): report.check(subject, ["the group is missing on the target"])
            case (let wanted?, let found?):
                report.check(
                    subject,
                    NamedTexts.names(wanted.privileges, found.privileges, "privilege")
                )
            }
        }
    }
}

/// What one server tells of who may do what.
struct AccessFacts: Sendable {
    /// The roles of each user.
    let users: [String: [String]]
    let roles: Set<String>
    let grants: Set<Grant>
    /// By name; without those that every server has.
    let groups: [String: PrivilegeGroup]

    init(_ connection: MilvusConnection) async throws {
        users = try await connection.users()
        let roles = try await connection.roles()
        self.roles = Set(roles)
        let databases = try await connection.databases() + [Grant.all]
        var grants: Set<Grant> = []
        for role in roles {
            for database in databases {
                grants.formUnion(try await connection.grants(of: role, in: database))
            }
        }
        self.grants = grants
        let groups = try await connection.privilegeGroups()
        self.groups = Dictionary(groups.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    }
}
