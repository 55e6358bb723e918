// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import Sodium
internal import Statements
internal import Storage
internal import TimeStamping
internal import TransparencyLog

/// Writes everything of a bag but the originals, which are there already.
///
/// Spec: `docs/spec/bag.md`, section 2.
struct BagWriter {
    private let directory: BytePath
    private let files: any FileSystem

    init(_ directory: BytePath, _ files: any FileSystem) {
        self.directory = directory
        self.files = files
    }

    /// Writes and signs.
    func write(
        _ contents: BagContents,
        enclosures: [(path: String, bytes: [UInt8])],
        key: borrowing Ed25519.SecretKey
    ) throws {
        for item in contents.items {
            try write(item.receipt.bytes, to: item.folder + "/receipt.txt")
            try write(item.evidence.bytes, to: item.folder + "/evidence.json")
        }
        try write(Array((contents.log.encoded + "\n").utf8), to: Bag.logKeyName)
        for checkpoint in contents.checkpoints {
            try write(checkpoint.bytes, to: Bag.stem(of: checkpoint) + ".checkpoint")
            for token in checkpoint.tokens {
                let stem = Bag.stem(of: token, over: checkpoint)
                try write(token.response.bytes, to: stem + ".tsr")
                try write(token.roots, to: stem + ".pem")
            }
        }
        try write(to: Bag.custodyName) { try BagCustody.write(contents, to: $0) }
        for (path, bytes) in enclosures { try write(bytes, to: path) }
        try write(Bag.declaration, to: "bagit.txt")
        var files = try BagFolder.paths(in: directory).map {
            try BagFile(reading: $0, in: directory)
        }
        try add(Bag.info(contents, files), as: "bag-info.txt", to: &files)
        for manifest in BagManifest.payload(files) {
            try write(to: manifest.name) { try manifest.write(to: $0) }
            files.append(try BagFile(reading: manifest.name, in: directory))
        }
        let manifests = BagManifest.tags(files)
        for manifest in manifests {
            try write(to: manifest.name) { try manifest.write(to: $0) }
        }
        let statement = BagStatement(
            casePseudonym: try Hex.decode(contents.casePseudonym),
            member: try Hex.decode(contents.member),
            createdAt: contents.createdAt,
            itemCount: Int64(contents.items.count),
            tagManifest: SHA256.hash { manifests[0].write(to: $0) },
            tool: contents.tool
        )
        let envelope = try statement.signed(by: key)
        try write(envelope.bytes + [0x0a], to: Bag.statementName)
    }

    private func add(_ bytes: [UInt8], as name: String, to files: inout [BagFile]) throws {
        try write(bytes, to: name)
        files.append(try BagFile(reading: name, in: directory))
    }

    private func write(_ bytes: [UInt8], to name: String) throws {
        try write(to: name) { try $0(bytes) }
    }

    private func write(
        to name: String,
        _ body: (([UInt8]) throws -> Void) throws -> Void
    ) throws {
        let path = directory.appending(name)
        try files.makeUnsynced(path.parent, mode: 0o755)
        let file = try files.create(path, replacing: false, mode: 0o644)
        try body { try file.write($0) }
        try file.sync()
        try file.close()
    }
}

/// The files below a directory.
enum BagFolder {
    /// The most files of a bag.
    static let fileCountMax = 1_100_000
    /// The deepest nesting.
    private static let depthMax = 200

    /// All paths, in no particular order.
    ///
    /// - Throws: ``VaultError/invalidBag(_:)`` for links, pipes, names that no bag of ours has;
    ///   ``FileFailure``.
    static func paths(in bag: BytePath) throws -> [String] {
        var paths: [String] = []
        try visit(bag, below: "", depth: 0, &paths)
        return paths
    }

    private static func visit(
        _ directory: BytePath,
        below prefix: String,
        depth: Int,
        _ paths: inout [String]
    ) throws {
        guard depth <= depthMax else { throw VaultError.invalidBag(.file(prefix)) }
        let names = try Directory.names(in: directory)
        if names.isEmpty, depth > 0 { throw VaultError.invalidBag(.file(prefix)) }
        for name in names {
            let text = String(decoding: name, as: UTF8.self)
            let path = directory.appending(name)
            let shown = prefix + BytePath(name).text
            guard Array(text.utf8) == name, shown == prefix + text, !name.contains(0x25) else {
                throw VaultError.invalidBag(.file(shown))
            }
            switch try FileStatus(of: path, followingLinks: false).kind {
            case .file:
                guard paths.count < fileCountMax else { throw VaultError.invalidBag(.tooManyFiles) }
                paths.append(prefix + text)
            case .directory: try visit(path, below: prefix + text + "/", depth: depth + 1, &paths)
            case .symbolicLink, .other: throw VaultError.invalidBag(.file(shown))
            }
        }
    }
}
