// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Statements
package import Storage
package import Vault

/// What a node keeps of a case as a whole.
package struct KeptCase: Equatable, Sendable {
    /// Pseudonym and admission key, fixed by whoever came first.
    package let claim: [UInt8]
    /// Bytes in its objects.
    package var bytes: Int64
}

/// Where finished objects are, with what belongs to them.
///
/// Spec: `docs/spec/node.md`, section 5; `docs/spec/node-s3.md`, section 6.
package protocol CaseStore: Sendable {
    /// The cases that can be told without asking, and how many there are.
    func load() throws -> (known: [String: KeptCase], count: Int)

    /// A case; nil where there is none.
    func find(_ room: String) throws -> KeptCase?

    /// Makes a case, durably.
    ///
    /// - Returns: False if it is somebody else's.
    func make(_ room: String, claim: [UInt8]) throws -> Bool

    /// The files of a case, with their sizes; nil where there is no such case.
    func files(of room: String) throws -> [(name: String, sizeBytes: Int64)]?

    /// A file of a case; nil where there is none.
    func file(_ name: String, of room: String) throws -> (source: ByteSource, sizeBytes: Int64)?

    /// Sizes of some files of a case; nil for those that are not there.
    func sizes(of names: [String], in room: String) throws -> [Int64?]

    /// Puts a whole object into its place, durably; it may be there already.
    ///
    /// - Parameters:
    ///   - data: The file with its bytes, which goes, or may go once the object is complete.
    ///   - parts: What belongs to it.
    ///   - room: The case.
    /// - Returns: Whether it was not there yet.
    /// - Throws: ``FileFailure``, ``BlobFailure``.
    func place(_ data: BytePath, _ parts: DepositOffer.Parts, in room: String) throws -> Bool

    /// Adds what belongs to an object that is in its place; then it is shown.
    ///
    /// - Returns: The case as it is now, where that is known.
    func complete(_ parts: DepositOffer.Parts, in room: String) throws -> KeptCase?

    /// Keeps the node's receipt for an object.
    func keep(receipt: [UInt8], of name: String, in room: String) throws
}

/// Cases in a directory that one process owns.
struct LocalCases: CaseStore {
    private let directory: BytePath
    private let files: any FileSystem

    /// Cases in a directory, which is made if it is not there.
    ///
    /// - Throws: ``FileFailure``.
    init(_ directory: BytePath, files: any FileSystem) throws {
        self.directory = directory
        self.files = files
        try files.make(directory)
    }

    private func folder(_ room: String) -> BytePath { directory.appending(room) }

    func load() throws -> (known: [String: KeptCase], count: Int) {
        var known: [String: KeptCase] = [:]
        for name in try Directory.names(in: directory) {
            let room = String(decoding: name, as: UTF8.self)
            if let found = try find(room) { known[room] = found }
        }
        return (known, known.count)
    }

    func find(_ room: String) throws -> KeptCase? {
        let folder = folder(room)
        let claim = try Directory.contentsIfPresent(
            of: folder.appending("claim"),
            countMax: 256
        )
        guard let claim else { return nil }
        var bytes: Int64 = 0
        for name in try Directory.names(in: folder) where name.suffix(4).elementsEqual(".age".utf8)
        {
            bytes += try FileStatus(of: folder.appending(name), followingLinks: false).sizeBytes
        }
        return KeptCase(claim: claim, bytes: bytes)
    }

    func make(_ room: String, claim: [UInt8]) throws -> Bool {
        try files.make(folder(room))
        try files.replace(folder(room).appending("claim"), with: claim)
        return true
    }

    func files(of room: String) throws -> [(name: String, sizeBytes: Int64)]? {
        let folder = folder(room)
        guard FileStatus.exists(folder) else { return nil }
        return try Directory.names(in: folder).map { name in
            let status = try FileStatus(of: folder.appending(name), followingLinks: false)
            return (String(decoding: name, as: UTF8.self), status.sizeBytes)
        }
    }

    func file(_ name: String, of room: String) throws -> (source: ByteSource, sizeBytes: Int64)? {
        let path = folder(room).appending(name)
        guard FileStatus.exists(path) else { return nil }
        return (ByteSource(path), try FileStatus(of: path, followingLinks: false).sizeBytes)
    }

    func sizes(of names: [String], in room: String) throws -> [Int64?] {
        try names.map { try file($0, of: room)?.sizeBytes }
    }

    func place(_ data: BytePath, _ parts: DepositOffer.Parts, in room: String) throws -> Bool {
        let path = folder(room).appending(parts.name + ".age")
        let file = try files.reopen(data, keeping: UInt64(parts.deposit.sizeBytes))
        try file.setMode(ObjectStore.objectMode)
        try file.sync()
        try file.close()
        let isNew = !FileStatus.exists(path)
        try files.rename(data, to: path)
        return isNew
    }

    /// The slip comes last: with it, colleagues take the object.
    func complete(_ parts: DepositOffer.Parts, in room: String) throws -> KeptCase? {
        let folder = folder(room)
        try files.replace(folder.appending(parts.name + ".summary"), with: parts.summary)
        try files.replace(folder.appending(parts.name + ".pieces"), with: parts.pieces)
        try files.replace(folder.appending(parts.name + ".slip"), with: parts.slip)
        return nil
    }

    func keep(receipt: [UInt8], of name: String, in room: String) throws {
        try files.replace(folder(room).appending(name + ".receipt"), with: receipt)
    }
}
