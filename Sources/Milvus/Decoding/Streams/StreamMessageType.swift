/// The messages that appear in a log of Milvus 2.6.
///
/// Source: `MessageType` in `messages.proto` of Milvus 2.6.19.
enum StreamMessageType {
    static let timeTick: UInt64 = 1
    static let insert: UInt64 = 2
    static let delete: UInt64 = 3
    static let createCollection: UInt64 = 5
    static let dropCollection: UInt64 = 6
    static let createPartition: UInt64 = 7
    static let dropPartition: UInt64 = 8
    static let manualFlush: UInt64 = 9
    static let bulkImport: UInt64 = 11
    static let flushAll: UInt64 = 37
    static let truncateCollection: UInt64 = 38
    static let alterLog: UInt64 = 700
    static let beginTransaction: UInt64 = 900
    static let commitTransaction: UInt64 = 901
    static let rollbackTransaction: UInt64 = 902

    /// The name of a message that need not be read: the metadata tells the same, or nobody needs it.
    static func nameOfIgnored(_ type: UInt64) -> String? {
        switch type {
        // How the source keeps rows.
        case 4: "Flush"
        case 10: "CreateSegment"
        // Definitions.
        case 12: "SchemaChange"
        case 13: "AlterCollection"
        case 14: "AlterLoadConfig"
        case 15: "DropLoadConfig"
        case 16: "CreateDatabase"
        case 17: "AlterDatabase"
        case 18: "DropDatabase"
        case 19: "AlterAlias"
        case 20: "DropAlias"
        case 34: "CreateIndex"
        case 35: "AlterIndex"
        case 36: "DropIndex"
        // Users and resources.
        case 21: "RestoreRBAC"
        case 22: "AlterUser"
        case 23: "DropUser"
        case 24: "AlterRole"
        case 25: "DropRole"
        case 26: "AlterUserRole"
        case 27: "DropUserRole"
        case 28: "AlterPrivilege"
        case 29: "DropPrivilege"
        case 30: "AlterPrivilegeGroup"
        case 31: "DropPrivilegeGroup"
        case 32: "AlterResourceGroup"
        case 33: "DropResourceGroup"
        // How the source is replicated by its own means.
        case 800: "AlterReplicateConfig"
        default: nil
        }
    }

    /// What an error calls a message.
    static func name(_ type: UInt64) -> String {
        switch type {
        case timeTick: "TimeTick"
        case insert: "Insert"
        case delete: "Delete"
        case createCollection: "CreateCollection"
        case dropCollection: "DropCollection"
        case createPartition: "CreatePartition"
        case dropPartition: "DropPartition"
        case manualFlush: "ManualFlush"
        case bulkImport: "Import"
        case flushAll: "FlushAll"
        case truncateCollection: "TruncateCollection"
        case alterLog: "AlterWAL"
        case beginTransaction: "BeginTxn"
        case commitTransaction: "CommitTxn"
        case rollbackTransaction: "RollbackTxn"
        default: nameOfIgnored(type) ?? "message of type \(type)"
        }
    }
}
