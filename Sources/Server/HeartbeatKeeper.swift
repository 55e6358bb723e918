// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Storage

/// Keeps the entries of heartbeats, whose log may keep hashes only.
package protocol HeartbeatKeeper: Sendable {
    /// Keeps the entry of an index, durably.
    func keep(_ entry: [UInt8], as index: UInt64) throws
    /// The indices that were kept last, in order.
    func numbers(_ countMax: Int) throws -> [UInt64]
    /// The entry of an index; nil where there is none.
    func entry(_ index: UInt64) throws -> [UInt8]?
}

/// Heartbeats in a directory.
package struct LocalHeartbeats: HeartbeatKeeper {
    private let kept: NumberedFiles
    private let directory: BytePath
    private let files: any FileSystem

    /// Heartbeats in a directory, which is made if it is not there.
    ///
    /// - Throws: ``FileFailure``.
    package init(
        directory: BytePath,
        files: any FileSystem = LocalFileSystem(isDiscreet: true)
    ) throws {
        self.directory = directory
        self.files = files
        kept = NumberedFiles(directory: directory, files: files)
        try kept.create()
    }

    /// See ``HeartbeatKeeper/keep(_:as:)``.
    package func keep(_ entry: [UInt8], as index: UInt64) throws {
        let file = directory.appending("next")
        try files.replace(file, with: entry, mode: 0o400)
        try kept.adopt(file, as: index)
    }

    /// See ``HeartbeatKeeper/numbers(_:)``.
    package func numbers(_ countMax: Int) throws -> [UInt64] {
        try kept.list().numbers.suffix(countMax)
    }

    /// See ``HeartbeatKeeper/entry(_:)``.
    package func entry(_ index: UInt64) throws -> [UInt8]? {
        try kept.contentsIfPresent(of: index)
    }
}

/// Heartbeats in a store of objects, with a list of the last of them.
///
/// Spec: `docs/spec/node-s3.md`, section 1.
package struct BlobHeartbeats: HeartbeatKeeper {
    private static let listed = 4000
    private let store: any BlobStore
    private let prefix: String

    /// The heartbeats under a prefix, which ends in a slash.
    package init(_ store: any BlobStore, prefix: String) {
        self.store = store
        self.prefix = prefix
    }

    /// See ``HeartbeatKeeper/keep(_:as:)``.
    package func keep(_ entry: [UInt8], as index: UInt64) throws {
        try store.settle([(prefix + String(index), entry)])
        let files = BlobFiles(store, prefix: prefix)
        let old = try list(files)
        let numbers = (Self.parse(old) + [index]).suffix(Self.listed)
        let text = numbers.map { "\($0)\n" }.joined()
        guard try files.replace("list", old, with: Array(text.utf8)) else {
            throw BlobFailure.unreachable
        }
    }

    /// See ``HeartbeatKeeper/numbers(_:)``.
    package func numbers(_ countMax: Int) throws -> [UInt64] {
        Self.parse(try list(BlobFiles(store, prefix: prefix))).suffix(countMax)
    }

    /// See ``HeartbeatKeeper/entry(_:)``.
    package func entry(_ index: UInt64) throws -> [UInt8]? {
        try store.get(prefix + String(index), countMax: NumberedFiles.byteCountMax)?.bytes
    }

    private func list(_ files: BlobFiles) throws -> [UInt8]? {
        try files.contents("list", countMax: 32 * Self.listed)
    }

    private static func parse(_ text: [UInt8]?) -> [UInt64] {
        String(decoding: text ?? [], as: UTF8.self).split(separator: "\n").compactMap {
            UInt64($0)
        }
    }
}
