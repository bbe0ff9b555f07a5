/// The real file system.
package struct PosixStorage: Storage {
    package init() {}

    package func create(directory: String) throws(StorageFailure) { fatalError("unfinished") }

    package func list(directory: String) throws(StorageFailure) -> [String] {
        fatalError("unfinished")
    }

    package func sync(directory: String) throws(StorageFailure) { fatalError("unfinished") }

    package func open(
        _ path: String, for access: StorageAccess
    ) throws(StorageFailure) -> any StorageFile {
        fatalError("unfinished")
    }

    package func rename(_ path: String, to newPath: String) throws(StorageFailure) {
        fatalError("unfinished")
    }

    package func remove(_ path: String) throws(StorageFailure) { fatalError("unfinished") }
}
