internal import Capture
internal import Operations

/// What a key about users, roles or grants is about, read from its path below `root-coord`.
///
/// Source: `internal/metastore/kv/rootcoord/rootcoord_constant.go` and `kv_catalog.go` of Milvus 2.3 to 2.6. They are kept
/// without timestamped copies and are deleted in earnest.
enum AccessPath {
    /// The key; nil if it is about something else.
    static func key(_ parts: [String]) -> AccessKey? {
        switch (parts[0], parts.count) {
        case ("privilege-group", 2): return .privilegeGroup(parts[1])
        case ("credential", 3...): return credential(Array(parts.dropFirst()))
        default: return nil
        }
    }

    private static func credential(_ parts: [String]) -> AccessKey? {
        switch (parts[0], parts.count) {
        case ("users", 2): return .user(parts[1])
        case ("roles", 2): return .role(parts[1])
        case ("user-role-mapping", 3):
            return .binding(RoleBinding(user: parts[1], role: parts[2]))
        case ("grantee-privileges", 4): return .grantee(grantee(parts[1], parts[2], parts[3]))
        case ("grantee-id", 3): return .right(id: parts[1], privilege: privilege(parts[2]))
        default: return nil
        }
    }

    /// `object` is `database.name`; without a dot it is from before there were databases.
    private static func grantee(_ role: String, _ type: String, _ object: String) -> Grantee {
        let dot = object.firstIndex(of: ".")
        return Grantee(
            role: role,
            objectType: type,
            database: dot.map { String(object[..<$0]) } ?? "default",
            object: dot.map { String(object[object.index(after: $0)...]) } ?? object
        )
    }

    /// The API's name of a privilege: Milvus keeps `PrivilegeInsert` for `Insert`, and `PrivilegeGroupAll` for a group
    /// `All`.
    static func privilege(_ stored: String) -> String {
        for prefix in ["PrivilegeGroup", "Privilege"]
        where stored.hasPrefix(prefix) && stored != prefix {
            return String(stored.dropFirst(prefix.count))
        }
        return stored
    }
}
