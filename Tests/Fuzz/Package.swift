// swift-tools-version: 6.2
// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

// The harness of libFuzzer; `scripts/fuzz` builds and runs it. The sources of the lower layers are
// symbolic links, because their `package` access ends at the package's border.

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// swift-crypto takes minutes to build: Age is fuzzed on demand.
let hasAge = Context.environment["RESGUARDO_FUZZ_AGE"] != nil

let package = Package(
    name: "fuzz",
    dependencies: hasAge
        ? [.package(url: "https://github.com/apple/swift-crypto", from: "4.5.2")] : [],
    targets: [
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium"),
        .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto"),
        library("Sodium", ["CSodium"]),
        .target(name: "CBlake2bLanes"),
        library("BulkCrypto", ["CLibcrypto", "CBlake2bLanes"]),
        library("Encodings"),
        library("TransparencyLog", ["Sodium", "BulkCrypto", "Encodings"]),
        library("Statements", ["Sodium", "BulkCrypto", "Encodings"]),
        library("SnapshotFormat", ["Sodium", "BulkCrypto", "Encodings"]),
        library("Escrow", ["Sodium", "BulkCrypto", "Encodings"]),
        library("RingSignature", ["Sodium", "BulkCrypto", "Encodings"]),
        library("Vrf", ["Sodium"]),
        .systemLibrary(name: "CSecp256k1", pkgConfig: "libsecp256k1"),
        library("Schnorr", ["CSecp256k1"]),
        library("Fetchers", ["SnapshotFormat", "Schnorr", "BulkCrypto", "Encodings"]),
        library("FeedKernels"),
        library(
            "FuzzEntries",
            ["Encodings", "TransparencyLog", "Statements", "SnapshotFormat", "Escrow"]
                + ["RingSignature", "Vrf", "Fetchers", "FeedKernels"] + (hasAge ? ["Age"] : [])
        ),
        .executableTarget(
            name: "Fuzz",
            dependencies: ["FuzzEntries"],
            swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]
        ),
    ]
        + (hasAge
            ? [
                library(
                    "Age",
                    [
                        "Sodium", "BulkCrypto", "Encodings",
                        .product(name: "Crypto", package: "swift-crypto"),
                    ]
                )
            ] : [])
)
