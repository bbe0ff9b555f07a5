internal import Capture
internal import FoundationEssentials
internal import MilvusAPI
internal import Operations

extension AccessValue {
    /// What a value says under its key; of users and roles, hardly more than that they are there.
    init(_ key: AccessKey, _ bytes: [UInt8]) throws(WireFailure) {
        switch key {
        case .user(let name):
            self = .user(UserDefinition(name: name, passwordMark: Self.passwordMark(bytes)))
        case .role, .binding, .right: self = .present
        case .grantee: self = .grantee(id: String(decoding: bytes, as: UTF8.self))
        case .privilegeGroup(let name):
            let group: Milvus_Proto_Milvus_PrivilegeGroupInfo = try decoded(bytes)
            self = .privilegeGroup(
                PrivilegeGroup(
                    name: name,
                    privileges: group.privileges.map { AccessPath.privilege($0.name) }
                )
            )
        }
    }

    /// Tells passwords of one user apart: FNV-1a of the hash that the source keeps, which holds a random salt.
    private static func passwordMark(_ bytes: [UInt8]) -> UInt64 {
        var hashed = bytes
        if let credential = try? JSONValue(parsing: bytes),
            case .string(let password)? = credential["encrypted_password"]
        {
            hashed = Array(password)
        }
        return hashed.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
