internal import Operations

/// Which product a server is, and its version.
struct MilvusServer: Hashable, Sendable {
    /// The programs that speak the API of Milvus.
    enum Product: Hashable, Sendable { case milvus, milvusLite }

    /// Three numbers, compared in order.
    struct Version: Hashable, Comparable, Sendable {
        let major: Int
        let minor: Int
        let patch: Int

        init(_ major: Int, _ minor: Int, _ patch: Int) {
            self.major = major
            self.minor = minor
            self.patch = patch
        }

        static func < (left: Self, right: Self) -> Bool {
            (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
        }
    }

    let product: Product
    let version: Version

    /// Reads what `GetVersion` answers: `v2.3.5-lite` for the Milvus of PyPI, `2.3.5`, `milvus_lite-3.2.2`.
    init(versionText: String) {
        let marker = "milvus_lite-"
        product = versionText.hasPrefix(marker) ? .milvusLite : .milvus
        let rest = product == .milvusLite ? versionText.dropFirst(marker.count) : versionText[...]
        let numbers = rest.drop { $0.isNumber == false }
            .split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
            .map { Int($0.prefix { $0.isNumber }) ?? 0 }
        version = Version(
            numbers.first ?? 0,
            numbers.count > 1 ? numbers[1] : 0,
            numbers.count > 2 ? numbers[2] : 0
        )
    }

    init(product: Product, version: Version) {
        self.product = product
        self.version = version
    }

    /// For people, such as `Milvus 2.3.5`.
    var description: String {
        let name = product == .milvus ? "Milvus" : "milvus-lite"
        return "\(name) \(version.major).\(version.minor).\(version.patch)"
    }

    var isLite: Bool { product == .milvusLite }

    /// The most bytes of rows in one request.
    ///
    /// Servers take 64 MiB; smaller requests keep their memory even, and larger ones are not faster.
    var requestSizeMaxBytes: Int { 4 << 20 }

    /// The most rows in one request.
    var requestRowsMax: Int { 10_000 }

    /// How many inserts of one shard are sent at once: while Milvus writes some to its log, it can
    /// unpack the next.
    var insertsAtOnceMax: Int { isLite ? 1 : 4 }

    /// Whether `Upsert` puts rows of collections with a partition key into wrong partitions, where a query by
    /// that key does not find them.
    ///
    /// Fixed in Milvus 2.3.10.
    var misplacesUpserts: Bool { product == .milvus && version < Version(2, 3, 10) }

    /// Whether properties are stored with the next change of properties only.
    ///
    /// Fixed in Milvus 2.3.6.
    var storesPropertiesLate: Bool { product == .milvus && version < Version(2, 3, 6) }

    /// Whether rows can have null for a value.
    var knowsNulls: Bool { isLite || version >= Version(2, 5, 0) }

    /// What the server's API has no call for.
    var unsupported: Set<OperationKind> {
        if isLite { return [.alterIndex, .rbac] }
        return version < Version(2, 4, 0) ? [.alterDatabase, .alterIndex] : []
    }

    /// Whether `AlterCollectionField` is there.
    var altersFields: Bool { !isLite && version >= Version(2, 4, 24) }

    /// Whether `AddCollectionField` is there.
    var addsFields: Bool { !isLite && version >= Version(2, 6, 0) }

    /// Whether a collection's description can be altered, which goes as the property `collection.description`.
    var altersDescriptions: Bool { !isLite && version >= Version(2, 5, 12) }

    /// Whether privileges can be granted without naming the type of the object.
    var grantsByName: Bool { !isLite && version >= Version(2, 5, 0) }

    /// Whether `AlterCollection` can remove properties.
    var removesProperties: Bool { isLite || version >= Version(2, 4, 24) }
}
