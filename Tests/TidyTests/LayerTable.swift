// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What each target may import, as `docs` and design say it: the layers as data.
struct LayerTable {
    /// One target's place.
    struct Row {
        let layer: Int
        let target: String
        /// Siblings and outside modules it may import besides all lower layers.
        let besides: Set<String>

        init(_ layer: Int, _ target: String, _ besides: Set<String> = []) {
            self.layer = layer
            self.target = target
            self.besides = besides
        }
    }

    static let rows = [
        Row(0, "CSodium"),
        Row(0, "CLibcrypto"),
        Row(0, "CBlake2bLanes"),
        Row(0, "CCurl"),
        Row(0, "CSecp256k1"),
        Row(0, "CZlib"),
        Row(0, "Sodium", ["CSodium"]),
        Row(0, "Schnorr", ["CSecp256k1"]),
        Row(0, "BulkCrypto", ["CLibcrypto", "CBlake2bLanes"]),
        Row(0, "TimeStamping", ["CLibcrypto"]),
        Row(0, "Encodings"),
        Row(1, "Age", ["Crypto"]),
        Row(1, "TransparencyLog"),
        Row(1, "Voprf"),
        Row(1, "Vrf"),
        Row(1, "Statements"),
        Row(1, "Escrow"),
        Row(1, "RingSignature"),
        Row(1, "SnapshotFormat", ["TransparencyLog"]),
        Row(1, "FeedKernels"),
        Row(2, "Storage", ["GRDB", "GRDBSQLite"]),
        Row(2, "Vault", ["Storage"]),
        Row(2, "Switch", ["Storage"]),
        Row(2, "Registry", ["Storage"]),
        Row(2, "Exports", ["Crypto", "CSecp256k1"]),
        Row(2, "Feed", ["Storage", "Yams", "CZlib"]),
        Row(2, "Fetchers"),
        Row(2, "Enclosures"),
        Row(3, "Outside", ["CCurl"]),
        Row(
            3,
            "Server",
            [
                "Hummingbird", "HummingbirdTLS", "HummingbirdCore", "HTTPTypes", "NIOCore",
                "NIOPosix", "NIOSSL", "Logging", "ServiceLifecycle", "UnixSignals",
            ]
        ),
        Row(3, "Commands", ["ArgumentParser", "Server", "Outside"]),
        Row(4, "resguardo"),
        Row(4, "resguardo-stage"),
    ]

    /// Modules of the toolchain, with the lowest layer that may import them.
    static let toolchain = [
        "Glibc": 0, "Synchronization": 0, "Dispatch": 0, "FoundationEssentials": 1, "Foundation": 2,
        // By name only where its tables of Unicode are asked for: `docs/dependencies.md`.
        "Swift": 2,
    ]

    /// Targets that have to run where no C library of ours is installed.
    static let withoutLibraries: Set<String> = ["FeedKernels", "resguardo-stage"]

    static func row(_ target: String) -> Row? { rows.first { $0.target == target } }

    /// Whether `importer` may import `module`.
    static func allows(_ importer: Row, importing module: String) -> Bool {
        if let lowest = toolchain[module] { return importer.layer >= lowest }
        if importer.besides.contains(module) { return true }
        guard let imported = row(module), imported.layer < importer.layer else { return false }
        // C libraries are for their wrappers, and Feed reads the registry's snapshot only.
        if ["CSodium", "CLibcrypto", "CBlake2bLanes", "CCurl", "CSecp256k1", "CZlib"].contains(
            module
        ) {
            return false
        }
        return !withoutLibraries.contains(importer.target) || imported.target == "FeedKernels"
    }
}
