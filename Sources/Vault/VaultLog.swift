// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import Sodium
internal import Storage
package import TransparencyLog

/// The log of a home: salted hashes of deposit statements, and no entries.
///
/// A C2SP tiled log of a single owner. Its name is made of its key, so that a receipt cannot give
/// the same name to another one. Failures of the disk come out as ``FileFailure``, like those of
/// all other files.
///
/// Spec: `docs/spec/vault.md`, section 3.3; `docs/spec/log.md`.
package struct VaultLog {
    /// What every name begins with; nothing is served under it.
    private static let namePrefix = "resguardo.local/vault/"

    /// The most entries of a log.
    package static let entryCountMax: UInt64 = 1_000_000

    private let reader: TiledLogReader
    private let verifier: NoteVerifier

    /// Entries in the log.
    package var size: UInt64 { reader.size }

    /// The newest checkpoint as it was signed.
    package var note: SignedNote { reader.note }

    /// The key that signs checkpoints, with the name that follows from it.
    static func signer(seed: borrowing SecretBytes) throws -> NoteSigner {
        let key = try Ed25519.SecretKey(seed: seed)
        let digest = SHA256.hash(key.publicKey.bytes)
        let name = try KeyName(namePrefix + Hex.encode(Array(digest.prefix(8))))
        return NoteSigner(name: name, key: key)
    }

    /// Makes an empty log; one that an interrupted run made and never used is taken over.
    static func create(
        at directory: BytePath,
        signer: NoteSigner,
        files: any FileSystem
    ) throws {
        try translating(directory) {
            let checkpoint = directory.appending("checkpoint")
            if FileStatus.exists(checkpoint) { try files.remove(checkpoint) }
            _ = try TiledLog.create(
                directory: text(directory),
                signer: signer,
                keepsEntries: false,
                time: 0,
                fileSystem: files
            )
        }
    }

    /// Opens the log for reading.
    ///
    /// - Throws: ``VaultError/logDamaged``, ``VaultError/tooManyEntries(limit:)``, ``FileFailure``.
    static func open(_ directory: BytePath, verifier: NoteVerifier) throws -> VaultLog {
        let log = try translating(directory) {
            VaultLog(
                reader: try TiledLogReader(directory: text(directory), log: verifier),
                verifier: verifier
            )
        }
        guard log.size <= entryCountMax else {
            throw VaultError.tooManyEntries(limit: entryCountMax)
        }
        return log
    }

    /// Throws unless one more entry fits.
    ///
    /// - Throws: ``VaultError/tooManyEntries(limit:)``.
    func requireRoom() throws {
        guard size < Self.entryCountMax else {
            throw VaultError.tooManyEntries(limit: Self.entryCountMax)
        }
    }

    /// Appends one entry; when this returns, it is durable and signed for.
    ///
    /// - Returns: Its number.
    /// - Throws: ``VaultError/logDamaged``, ``FileFailure``.
    static func append(
        _ entry: [UInt8],
        to directory: BytePath,
        signer: NoteSigner,
        files: any FileSystem
    ) throws -> UInt64 {
        try translating(directory) {
            let log = try TiledLog.open(
                directory: text(directory),
                signer: signer,
                fileSystem: files
            )
            return try log.append([entry], time: 0).firstIndex
        }
    }

    /// The hash of an entry.
    ///
    /// - Throws: ``VaultError/logDamaged``, ``FileFailure``.
    package func leaf(_ index: UInt64) throws -> LogHash {
        try translated { try $0.leafHash(at: index) }
    }

    /// The hashes of many entries.
    ///
    /// - Throws: ``VaultError/logDamaged``, ``FileFailure``.
    package func leaves(_ range: Range<UInt64>) throws -> [LogHash] {
        try translated { try $0.leafHashes(range) }
    }

    /// The root of the first `size` entries.
    ///
    /// - Throws: ``VaultError/logDamaged``, ``FileFailure``.
    package func root(size: UInt64) throws -> LogHash {
        try translated { try $0.root(size: size) }
    }

    /// The proof that an entry is in the log as of its checkpoint.
    ///
    /// - Throws: ``VaultError/logDamaged``, ``FileFailure``.
    package func proof(of index: UInt64) throws -> TlogProof {
        try translated { try $0.proof(of: index) }
    }

    /// The siblings that prove an entry in the tree of the first `size` entries.
    ///
    /// - Throws: ``VaultError/logDamaged``, ``FileFailure``.
    package func inclusionProof(of index: UInt64, size: UInt64) throws -> [LogHash] {
        try translated { try $0.inclusionProof(of: index, size: size) }
    }

    /// Recomputes all tiles up to the checkpoint.
    ///
    /// - Throws: ``FileFailure`` with the first file that is missing or wrong.
    package func audit() throws {
        do {
            try reading { _ = try $0.audit() }
        } catch TiledLogError.damaged(let path) {
            throw FileFailure.damaged(BytePath(reader.directory).appending(path))
        }
    }

    private func translated<R>(_ body: (TiledLogReader) throws -> R) throws -> R {
        try Self.translating(BytePath(reader.directory)) { try reading(body) }
    }

    /// Reads, and reads again if another process has meanwhile appended: the tiles at the edge of
    /// the old size are gone then.
    private func reading<R>(_ body: (TiledLogReader) throws -> R) throws -> R {
        var reader = reader
        while true {
            do {
                return try body(reader)
            } catch let error as TiledLogError {
                let newer = try Self.translating(BytePath(reader.directory)) {
                    try TiledLogReader(directory: reader.directory, log: verifier)
                }
                if newer.size <= reader.size { throw error }
                reader = newer
            } catch let error as FileSystemError {
                throw FileFailure(error)
            }
        }
    }

    private static func text(_ path: BytePath) -> String {
        String(decoding: path.bytes, as: UTF8.self)
    }

    private static func translating<R>(_ directory: BytePath, _ body: () throws -> R) throws -> R {
        do {
            return try body()
        } catch let error as FileSystemError {
            throw FileFailure(error)
        } catch TiledLogError.needsReopening {
            // The disk failed while the checkpoint was replaced: the next run finds out which of
            // the two it has, and ends or undoes the deposit.
            throw FileFailure(.sync, directory.appending(TiledLogReader.checkpointName), code: 5)
        } catch is TiledLogError {
            throw VaultError.logDamaged
        } catch is TransparencyLogError {
            throw VaultError.logDamaged
        }
    }
}
