// swift-tools-version: 6.2
import PackageDescription

/// The settings of every hand-written target.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// The settings of generated code and of tests, which need no audit of memory safety.
let relaxed: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(
    name: "ServiceLifecycle",
    package: "swift-service-lifecycle"
)
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let grpc: [Target.Dependency] = [
    .product(name: "GRPCCore", package: "grpc-swift-2"),
    .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf"),
    .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOHTTP2", package: "swift-nio-http2"),
    protobuf,
]

let package = Package(
    name: "flightlog",
    products: [.executable(name: "flightlog", targets: ["flightlog"])],
    dependencies: [
        .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.4.3"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.9.2"),
        .package(url: "https://github.com/grpc/grpc-swift-protobuf", from: "2.4.1"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird",
            from: "2.28.1",
            traits: []
        ),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    ],
    targets: [
        // C libraries.
        .systemLibrary(
            name: "CRdKafka",
            pkgConfig: "rdkafka",
            providers: [.apt(["librdkafka-dev"])]
        ),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(
            name: "CCurl",
            pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]
        ),
        // glibc's settings of its allocator, which the Glibc module leaves out.
        .systemLibrary(name: "CMalloc"),
        .target(name: "CChecksum", cSettings: [.unsafeFlags(["-O2"])]),

        // The rooms, each with what it may use. Tests/HouseTests holds imports against this table.
        .target(name: "Operations", swiftSettings: strict),
        .target(
            name: "Journal",
            dependencies: [
                "Operations", "CZstd", "CChecksum", logging,
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Capture",
            dependencies: ["Operations", "Journal", logging, lifecycle],
            swiftSettings: strict
        ),
        .target(
            name: "Replay",
            dependencies: ["Operations", "Journal", logging, lifecycle],
            swiftSettings: strict
        ),
        .target(
            name: "Kafka",
            dependencies: ["Operations", "Capture", "CRdKafka", logging],
            swiftSettings: strict
        ),
        .target(name: "GRPCConnections", dependencies: grpc, swiftSettings: strict),
        .target(
            name: "Etcd",
            dependencies: ["Operations", "Capture", "GRPCConnections", logging] + grpc,
            swiftSettings: strict
        ),
        .target(name: "MilvusAPI", dependencies: grpc, swiftSettings: relaxed),
        .target(
            name: "Milvus",
            dependencies: [
                "Operations", "Capture", "Replay", "MilvusAPI", "GRPCConnections", logging,
                .product(name: "Crypto", package: "swift-crypto"),
            ] + grpc,
            swiftSettings: strict
        ),
        .target(
            name: "Catalog",
            dependencies: ["Operations", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict
        ),
        .target(
            name: "ControlPlane",
            dependencies: [
                "Operations", "Journal", "Capture", "Replay", "Catalog", logging, lifecycle,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "flightlog",
            dependencies: [
                "Operations", "Journal", "Capture", "Replay", "Kafka", "Etcd", "Milvus", "Catalog",
                "ControlPlane", "GRPCConnections", "CCurl", "CMalloc", logging, lifecycle,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict
        ),

        .executableTarget(
            name: "flightlog-bench",
            dependencies: [
                "Operations", "Journal", "Capture", "Milvus", "MilvusAPI", "CZstd", "CChecksum",
                logging, protobuf,
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            path: "tools/bench",
            swiftSettings: relaxed
        ),

        .executableTarget(
            name: "flightlog-crash",
            dependencies: [
                "Operations", "Journal", .product(name: "Crypto", package: "swift-crypto"),
            ],
            path: "tools/crash",
            swiftSettings: relaxed
        ),

        // Tests, one target a room. TestSupport reads the recordings under Tests/Fixtures.
        .target(
            name: "TestSupport",
            dependencies: ["Operations", "Capture", "CZstd"],
            path: "Tests/TestSupport",
            swiftSettings: relaxed
        ),
        .testTarget(name: "OperationsTests", dependencies: ["Operations"], swiftSettings: relaxed),
        .testTarget(
            name: "JournalTests",
            dependencies: ["Journal", "Operations"],
            exclude: ["Fixtures"],
            swiftSettings: relaxed
        ),
        .testTarget(
            name: "CaptureTests",
            dependencies: ["Capture", "Journal", "Operations", "TestSupport"],
            swiftSettings: relaxed
        ),
        .testTarget(
            name: "ReplayTests",
            dependencies: ["Replay", "Journal", "Operations"],
            swiftSettings: relaxed
        ),
        .testTarget(
            name: "KafkaTests",
            dependencies: ["Kafka", "Capture", "Operations", "CRdKafka", "TestSupport", logging],
            swiftSettings: relaxed
        ),
        .testTarget(
            name: "GRPCConnectionsTests",
            dependencies: ["GRPCConnections"] + grpc,
            swiftSettings: relaxed
        ),
        .testTarget(
            name: "EtcdTests",
            dependencies: ["Etcd", "GRPCConnections", "Capture", "TestSupport"] + grpc,
            swiftSettings: relaxed
        ),
        .testTarget(
            name: "MilvusTests",
            dependencies: [
                "Milvus", "MilvusAPI", "Capture", "Replay", "Journal", "Operations", "TestSupport",
                logging, protobuf, .product(name: "Crypto", package: "swift-crypto"),
            ],
            exclude: ["Fixtures"],
            swiftSettings: relaxed
        ),
        .testTarget(
            name: "CatalogTests",
            dependencies: ["Catalog", "Operations"],
            swiftSettings: relaxed
        ),
        .testTarget(
            name: "ControlPlaneTests",
            dependencies: [
                "ControlPlane", "Operations", "Journal", "Capture", "Replay", "Catalog", logging,
                lifecycle, .product(name: "Hummingbird", package: "hummingbird"),
            ],
            swiftSettings: relaxed
        ),
        .testTarget(
            name: "FlightlogTests",
            dependencies: ["flightlog", "Operations", logging],
            swiftSettings: relaxed
        ),
        .testTarget(name: "HouseTests", swiftSettings: relaxed),
    ]
)
