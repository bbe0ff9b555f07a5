/// The messages that appear in a log of Milvus 2.3 to 2.5.
///
/// Source: `MsgType` in `common.proto` of milvus-proto; which of them are written, and where: the code of
/// Milvus 2.3.5, 2.4.24 and 2.5.27, and a recorded 2.3.5.
enum MessageType {
    static let createCollection: UInt64 = 100
    static let dropCollection: UInt64 = 101
    static let insert: UInt64 = 400
    static let delete: UInt64 = 401
    static let flush: UInt64 = 402
    static let timeTick: UInt64 = 1200

    /// The name of a message that need not be read: the metadata tells the same, with its timestamp.
    static func nameOfIgnored(_ type: UInt64) -> String? {
        switch type {
        // On the channels of rows.
        case createCollection: "CreateCollection"
        case 200: "CreatePartition"
        case 201: "DropPartition"
        // The tick of another cluster's clock, for collections that it replicates into the source.
        case 1212: "Replicate"
        // On the side channel, where proxies repeat the requests of clients.
        case 106: "LoadCollection"
        case 107: "ReleaseCollection"
        case 108: "CreateAlias"
        case 109: "DropAlias"
        case 110: "AlterAlias"
        case 111: "AlterCollection"
        case 112: "RenameCollection"
        case 115: "AlterCollectionField"
        case 205: "LoadPartitions"
        case 206: "ReleasePartitions"
        case 300: "CreateIndex"
        case 302: "DropIndex"
        case 304: "AlterIndex"
        case 1500: "CreateCredential"
        case 1502: "DeleteCredential"
        case 1503: "UpdateCredential"
        case 1600: "CreateRole"
        case 1601: "DropRole"
        case 1602: "OperateUserRole"
        case 1606: "OperatePrivilege"
        case 1610: "CreatePrivilegeGroup"
        case 1611: "DropPrivilegeGroup"
        case 1613: "OperatePrivilegeGroup"
        case 1614: "OperatePrivilegeV2"
        case 1801: "CreateDatabase"
        case 1802: "DropDatabase"
        case 1804: "AlterDatabase"
        default: nil
        }
    }

    /// What an error calls a message.
    static func name(_ type: UInt64) -> String {
        switch type {
        case insert: "Insert"
        case delete: "Delete"
        case flush: "Flush"
        case timeTick: "TimeTick"
        case dropCollection: "DropCollection"
        default: nameOfIgnored(type) ?? "message of type \(type)"
        }
    }
}
