import Testing

/// Which of our targets each target may import: DESIGN's table of rooms.
private let rooms: [String: Set<String>] = [
    "Operations": [],
    "Journal": ["Operations"],
    "Capture": ["Operations", "Journal"],
    "Replay": ["Operations", "Journal"],
    "Kafka": ["Operations", "Capture"],
    "GRPCConnections": [],
    "Etcd": ["Operations", "Capture", "GRPCConnections"],
    "MilvusAPI": [],
    "Milvus": ["Operations", "Capture", "Replay", "MilvusAPI", "GRPCConnections"],
    "Catalog": ["Operations"],
    "ControlPlane": ["Operations", "Journal", "Capture", "Replay", "Catalog"],
    "flightlog": [
        "Operations", "Journal", "Capture", "Replay", "Kafka", "Etcd", "GRPCConnections", "Milvus",
        "Catalog", "ControlPlane",
    ],
]

/// Which rooms know a piece of the outside world.
///
/// What is not listed is the standard library's, and free.
private let outside: [String: Set<String>] = [
    "CRdKafka": ["Kafka"],
    "CZstd": ["Journal"],
    "CChecksum": ["Journal"],
    "CCurl": ["flightlog"],
    "CMalloc": ["flightlog"],
    "GRDB": ["Catalog"],
    "Hummingbird": ["ControlPlane"],
    "HummingbirdCore": ["ControlPlane"],
    "HummingbirdTLS": ["ControlPlane"],
    "NIOHTTP1": ["ControlPlane"],
    "NIOHTTPTypes": ["ControlPlane"],
    "HTTPTypes": ["ControlPlane"],
    "Yams": ["flightlog"],
    "ArgumentParser": ["flightlog"],
    "UnixSignals": ["flightlog"],
    "Crypto": ["Journal", "Milvus", "ControlPlane"],
    "SwiftProtobuf": ["Etcd", "Milvus", "MilvusAPI", "GRPCConnections"],
    "GRPCCore": ["Etcd", "Milvus", "MilvusAPI", "GRPCConnections"],
    "GRPCProtobuf": ["Etcd", "Milvus", "MilvusAPI", "GRPCConnections"],
    "GRPCNIOTransportCore": ["GRPCConnections"],
    "GRPCNIOTransportHTTP2Posix": ["GRPCConnections"],
    "NIOCore": ["GRPCConnections", "ControlPlane"],
    "NIOHTTP2": ["GRPCConnections"],
    "NIOSSL": ["GRPCConnections", "ControlPlane"],
    "Logging": [
        "Journal", "Capture", "Replay", "Kafka", "Etcd", "Milvus", "ControlPlane", "flightlog",
        "GRPCConnections",
    ],
    "ServiceLifecycle": ["Capture", "Replay", "ControlPlane", "flightlog"],
]

/// What belongs to Swift itself.
private let standard: Set<String> = [
    "FoundationEssentials", "Synchronization", "Glibc", "Dispatch", "Musl",
]

/// A line that imports a module.
struct Import: CustomStringConvertible {
    let module: String
    let file: SourceTree.File
    let line: Int

    var description: String { "\(file.path):\(line) imports \(module)" }

    /// Every import of the hand-written sources.
    static let all: [Import] = SourceTree.files.flatMap { file in
        file.lines.enumerated().compactMap { index, line in
            var words = line.split(separator: " ").map(String.init)
            while let first = words.first,
                ["package", "internal", "public", "private", "@preconcurrency"].contains(first)
            {
                words.removeFirst()
            }
            guard words.count >= 2, words[0] == "import" else { return nil }
            let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            let name = kinds.contains(words[1]) ? words[2] : words[1]
            return Import(
                module: String(name.prefix { $0 != "." }),
                file: file,
                line: index + 1
            )
        }
    }
}

@Suite struct ImportTests {
    @Test func `every folder of Sources is a room of the table or a C library`() {
        let targets = Set(SourceTree.files.map(\.target))
        #expect(targets.count > 5, "the sources were not found")
        #expect(targets.subtracting(rooms.keys) == [])
    }

    @Test func `a room imports only the rooms it may use`() {
        for found in Import.all where rooms[found.module] != nil {
            #expect(rooms[found.file.target]?.contains(found.module) == true, "\(found)")
        }
    }

    @Test func `each piece of the outside world is known by the rooms that may know it`() {
        for found in Import.all where rooms[found.module] == nil && !standard.contains(found.module)
        {
            #expect(outside[found.module]?.contains(found.file.target) == true, "\(found)")
        }
    }

    @Test func `nobody imports the whole of Foundation`() {
        #expect(Import.all.filter { $0.module == "Foundation" }.map(\.description) == [])
    }

    @Test func `a C library is imported by one file`() {
        for library in ["CRdKafka", "CZstd", "CChecksum", "CCurl"] {
            let files = Set(Import.all.filter { $0.module == library }.map(\.file.path))
            #expect(files.count <= 1, "\(library) is imported by \(files.sorted())")
        }
    }
}
