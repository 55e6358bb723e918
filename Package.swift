// swift-tools-version: 6.2
// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// One of our own libraries, with the lower layers and outside products it imports.
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of one library, or of several together.
func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
    name: "resguardo",
    products: [.executable(name: "resguardo", targets: ["resguardo"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        // Without its traits: they would add a configuration library that we do not use.
        .package(
            url: "https://github.com/hummingbird-project/hummingbird",
            from: "2.28.1",
            traits: []
        ),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Layer 0: primitives and encodings.
        .systemLibrary(
            name: "CSodium",
            pkgConfig: "libsodium",
            providers: [.apt(["libsodium-dev"])]
        ),
        .systemLibrary(
            name: "CLibcrypto",
            pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]
        ),
        .systemLibrary(
            name: "CCurl",
            pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]
        ),
        .systemLibrary(
            name: "CSecp256k1",
            pkgConfig: "libsecp256k1",
            providers: [.apt(["libsecp256k1-dev"])]
        ),
        .systemLibrary(
            name: "CZlib",
            pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"])]
        ),
        library("Sodium", ["CSodium"]),
        library("Schnorr", ["CSecp256k1"]),
        .target(name: "CBlake2bLanes"),
        library("BulkCrypto", ["CLibcrypto", "CBlake2bLanes"]),
        library("TimeStamping", ["CLibcrypto"]),
        library("Encodings"),

        // Layer 1: formats and protocols, pure.
        library(
            "Age",
            [
                "Sodium", "BulkCrypto", "Encodings",
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        library("Escrow", ["Sodium", "BulkCrypto", "Encodings"]),
        library("Voprf", ["Sodium"]),
        library("Vrf", ["Sodium"]),
        library("RingSignature", ["Sodium", "BulkCrypto", "Encodings"]),
        library("Statements", ["Sodium", "BulkCrypto", "Encodings"]),
        library("SnapshotFormat", ["TransparencyLog", "Sodium", "BulkCrypto", "Encodings"]),
        library("FeedKernels"),
        library("TransparencyLog", ["Sodium", "BulkCrypto", "Encodings"]),

        // Layer 2: the applications, pure where they decide.
        library(
            "Storage",
            [
                "Sodium", "BulkCrypto", "Encodings", "TransparencyLog",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]
        ),
        library(
            "Feed",
            [
                "Storage", "FeedKernels", "SnapshotFormat", "BulkCrypto", "Encodings", "Sodium",
                "CZlib", .product(name: "Yams", package: "Yams"),
            ]
        ),
        library(
            "Switch",
            [
                "Storage", "Statements", "Escrow", "Age", "TransparencyLog", "Sodium",
                "BulkCrypto", "Encodings",
            ]
        ),
        library(
            "Vault",
            [
                "Sodium", "BulkCrypto", "Encodings", "Age", "Statements", "TransparencyLog",
                "Storage", "TimeStamping", "Voprf",
            ]
        ),
        library(
            "Registry",
            [
                "Sodium", "BulkCrypto", "Encodings", "Statements", "SnapshotFormat",
                "RingSignature", "Vrf", "TransparencyLog", "Storage",
            ]
        ),

        library(
            "Exports",
            [
                "SnapshotFormat", "Statements", "FeedKernels", "Encodings", "Sodium",
                "BulkCrypto", "CSecp256k1",
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        library("Fetchers", ["SnapshotFormat", "Schnorr", "BulkCrypto", "Encodings"]),

        .target(
            name: "Enclosures",
            resources: [
                .embedInCode("verify.py"), .embedInCode("bag.md"), .embedInCode("vault.md"),
                .embedInCode("statements.md"), .embedInCode("detect.py"),
            ],
            swiftSettings: strict
        ),

        // Layer 3: the outside world, and the command line.
        library(
            "Outside",
            ["CCurl", "Fetchers", "Storage", "Sodium", "BulkCrypto", "Encodings"]
        ),
        library(
            "Server",
            [
                "TransparencyLog", "Storage", "Vault", "Switch", "Registry", "Statements",
                "Sodium", "BulkCrypto", "Encodings",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]
        ),
        library(
            "Commands",
            [
                "Age", "Sodium", "BulkCrypto", "Encodings", "Statements", "SnapshotFormat",
                "TransparencyLog", "Storage", "Vault", "Switch", "Escrow", "RingSignature",
                "Registry", "Exports", "Feed", "FeedKernels", "Outside", "Fetchers",
                "TimeStamping", "Enclosures", "Server",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),

        // Layer 4: the executables.
        .executableTarget(
            name: "resguardo",
            dependencies: ["Commands"],
            swiftSettings: strict
        ),
        // Goes to machines without a Swift runtime.
        .executableTarget(
            name: "resguardo-stage",
            dependencies: ["FeedKernels"],
            swiftSettings: strict,
            linkerSettings: [.unsafeFlags(["-static-stdlib"])]
        ),

        // Tests of the whole: the tree, the command line, and the commands one by one.
        tests("TidyTests"),
        .testTarget(
            name: "ScriptTests",
            dependencies: ["resguardo"],
            exclude: ["Scripts"],
            swiftSettings: strict
        ),
        tests(
            "CommandsTests",
            ["Commands", "Encodings", "Registry", "Sodium", "Vault", "resguardo"]
        ),

        // Tests.
        tests(
            "VaultTests",
            [
                "Vault", "Storage", "StorageFaults", "resguardo", "Age", "Statements",
                "TransparencyLog", "Sodium", "BulkCrypto",
                "Encodings", "TimeStamping",
            ]
        ),
        tests("TimeStampingTests", ["TimeStamping"]),
        tests("SodiumTests", ["Sodium", "BulkCrypto", "Encodings"]),
        tests("EncodingsTests", ["Encodings"]),
        tests("FeedKernelsTests", ["FeedKernels"]),
        tests(
            "FeedTests",
            ["Feed", "FeedKernels", "SnapshotFormat", "TransparencyLog", "Sodium", "Storage"]
        ),
        .testTarget(
            name: "RingSignatureTests",
            dependencies: ["RingSignature", "Sodium", "BulkCrypto", "Encodings"],
            exclude: ["reference.py"],
            swiftSettings: strict
        ),
        tests("VrfTests", ["Vrf", "Sodium", "Encodings"]),
        tests("EscrowTests", ["Escrow", "Sodium", "BulkCrypto", "Encodings"]),
        tests(
            "RegistryTests",
            [
                "Registry", "Storage", "TransparencyLog", "Statements", "SnapshotFormat",
                "Vrf", "RingSignature", "Sodium", "BulkCrypto", "Encodings", "SecondReader",
            ]
        ),
        .testTarget(
            name: "ExportsTests",
            dependencies: [
                "Exports", "Schnorr", "SnapshotFormat", "Statements", "TransparencyLog", "Sodium",
                "BulkCrypto", "Encodings", "FeedKernels",
            ],
            exclude: ["accept.py", "pictures.py"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "FetchersTests",
            dependencies: ["Fetchers", "Outside", "SnapshotFormat", "Encodings"],
            exclude: ["world.py"],
            swiftSettings: strict
        ),
        tests(
            "SnapshotFormatTests",
            [
                "SnapshotFormat", "TransparencyLog", "Sodium", "BulkCrypto", "Encodings",
                "SecondReader",
            ]
        ),
        tests("StatementsTests", ["Statements", "Sodium", "BulkCrypto", "Encodings"]),
        tests("TransparencyLogTests", ["TransparencyLog", "Sodium", "BulkCrypto", "Encodings"]),
        .target(
            name: "StorageFaults",
            dependencies: ["Storage"],
            path: "Tests/StorageFaults",
            swiftSettings: strict
        ),
        tests(
            "StorageTests",
            ["Storage", "StorageFaults", "TransparencyLog", "Sodium", "Encodings", "resguardo"]
        ),
        tests(
            "ServerTests",
            [
                "Server", "Outside", "Storage", "StorageFaults", "Vault", "Statements",
                "BulkCrypto", "TransparencyLog", "Sodium", "Encodings", "Switch", "resguardo",
            ]
        ),
        tests("BulkCryptoTests", ["BulkCrypto", "Sodium"]),
        tests("InteropTests", ["Age", "Sodium", "Encodings", "resguardo"]),
        .target(
            name: "SecondReader",
            dependencies: ["Encodings"],
            path: "Tests/SecondReader",
            swiftSettings: strict
        ),
        .target(
            name: "FuzzEntries",
            dependencies: [
                "Age", "TransparencyLog", "Statements", "SnapshotFormat", "Escrow",
                "RingSignature", "Vrf", "Sodium", "FeedKernels", "Encodings", "Switch", "Vault",
                "Server", "Fetchers", "Registry",
            ],
            path: "Tests/FuzzEntries",
            swiftSettings: strict
        ),
        tests("FuzzTests", ["FuzzEntries"]),
        tests("AgeTests", ["Age", "BulkCrypto", "Encodings", "Sodium"]),
        tests(
            "ConformanceTests",
            [
                "Age", "TransparencyLog", "Voprf", "Vrf", "RingSignature", "Sodium", "BulkCrypto",
                "Encodings",
            ]
        ),
        tests(
            "SwitchTests",
            [
                "Switch", "Storage", "Statements", "Escrow", "Age", "TransparencyLog", "Sodium",
                "BulkCrypto", "Encodings", "StorageFaults", "SecondReader",
            ]
        ),
    ]
)
