// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
package import Statements
package import Storage
package import TransparencyLog

/// A disclosure as people pass it on: a directory with the fields, the receipt and the files that
/// are published.
///
/// Spec: `docs/spec/disclosure.md`, section 3.
package enum DisclosurePackage {
    static let documentName = "disclosure.json"
    static let receiptName = "receipt.txt"
    static let filesName = "files"

    /// A package that was verified.
    package struct Verified: Sendable {
        /// The fields.
        package let disclosure: Disclosure
        /// The receipt of the item they belong to.
        package let receipt: Receipt
        /// What the depositor stated.
        package let statement: DepositStatement
        /// The checkpoint that proves it.
        package let checkpoint: Checkpoint
        /// Paths of the published files inside the package, by their number in `files`.
        package let contents: [Int: BytePath]
    }

    /// Verifies everything in a package, offline and without a home.
    ///
    /// - Parameters:
    ///   - directory: The package.
    ///   - log: The log that it should be; nil believes the receipt.
    /// - Returns: What is proven.
    /// - Throws: ``DisclosureError``, ``VaultError`` for the receipt, ``FileFailure``.
    package static func verify(
        at directory: BytePath,
        log: NoteVerifier? = nil
    ) throws -> Verified {
        let document = directory.appending(documentName)
        let disclosure = try Disclosure(
            canonical: read(document, countMax: Disclosure.byteCountMax)
        )
        let receipt = try Receipt(
            parsing: read(directory.appending(receiptName), countMax: Receipt.byteCountMax)
        )
        let (statement, checkpoint) = try receipt.verify(log: log)
        try disclosure.verify(commitment: statement.evidence)
        var contents: [Int: BytePath] = [:]
        for leaf in disclosure.leaves where leaf.hasContent {
            contents[Int(leaf.index) - 1] = try contentName(leaf)
        }
        try requireOnly(contents, in: directory)
        for leaf in disclosure.leaves where leaf.hasContent {
            guard let name = contents[Int(leaf.index) - 1] else { continue }
            try verifyContent(leaf, directory.appending(name.bytes), name)
        }
        return Verified(
            disclosure: disclosure,
            receipt: receipt,
            statement: statement,
            checkpoint: checkpoint,
            contents: contents
        )
    }

    /// Where the file of a leaf lies in the package: `files/N/` and the last part of its name, or
    /// `content` where its name is withheld.
    static func contentName(_ leaf: Disclosure.Leaf) throws -> BytePath {
        guard leaf.index > 0 else { throw DisclosureError.malformed(documentName) }
        let directory = BytePath(filesName).appending(String(leaf.index - 1))
        guard let name = try shownName(leaf) else { return directory.appending("content") }
        return directory.appending(BytePath(name).lastComponent)
    }

    private static func shownName(_ leaf: Disclosure.Leaf) throws -> [UInt8]? {
        var name: [UInt8]
        if let text = leaf.shown["nameBytes"]?.value.string {
            guard let bytes = try? Base64.decode(text) else {
                throw DisclosureError.malformed(leaf.prefix + "nameBytes")
            }
            name = bytes
        } else if leaf.withheld["nameBytes"] == nil, let text = leaf.shown["name"]?.value.string {
            name = Array(text.utf8)
        } else {
            return nil
        }
        guard TarReader.isSafe(name) else {
            throw DisclosureError.malformed(leaf.prefix + "name")
        }
        return name
    }

    private static func verifyContent(
        _ leaf: Disclosure.Leaf,
        _ path: BytePath,
        _ name: BytePath
    ) throws {
        guard leaf.shown["kind"]?.value.string == EvidenceEntry.Kind.file.rawValue,
            let size = leaf.shown["size"]?.value.integer,
            let digest = leaf.shown["sha256"]?.value.string
        else { throw DisclosureError.malformed(leaf.prefix + "sha256") }
        guard FileStatus.exists(path) else { throw DisclosureError.contentMissing(name) }
        let file = try OpenedFile.reading(path, followingLinks: false)
        guard try file.status().kind == .file, try file.status().sizeBytes == size else {
            throw DisclosureError.contentDiffers(name)
        }
        var hasher = SHA256()
        while true {
            let bytes = try file.read(1 << 20)
            if bytes.isEmpty { break }
            hasher.update(bytes)
        }
        guard Hex.encode(hasher.finish()) == digest else {
            throw DisclosureError.contentDiffers(name)
        }
    }

    /// Nothing may lie in the package that it does not prove.
    private static func requireOnly(_ contents: [Int: BytePath], in directory: BytePath) throws {
        var expected: [BytePath: Set<[UInt8]>] = [
            BytePath([UInt8]()): [Array(documentName.utf8), Array(receiptName.utf8)]
        ]
        for name in contents.values {
            expected[BytePath([UInt8]()), default: []].insert(Array(filesName.utf8))
            expected[BytePath(filesName), default: []].insert(name.parent.lastComponent)
            expected[name.parent, default: []].insert(name.lastComponent)
        }
        for (inside, names) in expected {
            let path = inside.bytes.isEmpty ? directory : directory.appending(inside.bytes)
            guard FileStatus.exists(path) else { throw DisclosureError.contentMissing(inside) }
            // The package itself may be reached through a link; nothing inside it may be one.
            if !inside.bytes.isEmpty,
                try FileStatus(of: path, followingLinks: false).kind != .directory
            {
                throw DisclosureError.stranger(inside)
            }
            for name in try Directory.names(in: path) where !names.contains(name) {
                throw DisclosureError.stranger(inside.appending(name))
            }
        }
    }

    private static func read(_ path: BytePath, countMax: Int) throws -> [UInt8] {
        let name = String(decoding: path.lastComponent, as: UTF8.self)
        guard let status = try? FileStatus(of: path, followingLinks: false), status.kind == .file,
            status.sizeBytes <= countMax
        else { throw DisclosureError.malformed(name) }
        return try Directory.contents(of: path, countMax: countMax)
    }
}
