// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
package import Storage
internal import TimeStamping
package import TransparencyLog

/// The checkpoints that a home keeps, with the answers of time-stamping authorities.
///
/// Files are added and never changed. Their names begin with the size of the log, so the newest is
/// the last; the rest of a name is a digest of the content.
///
/// Spec: `docs/spec/vault.md`, section 10.2.
package struct CheckpointArchive: Sendable {
    /// The most files that are read.
    package static let fileCountMax = 100_000
    private static let sizeDigits = 16
    private static let nameDigits = 16

    /// Where the files lie.
    package let directory: BytePath
    private let log: NoteVerifier
    private let files: any FileSystem

    /// The archive of a log.
    package init(directory: BytePath, log: NoteVerifier, files: any FileSystem) {
        self.directory = directory
        self.log = log
        self.files = files
    }

    /// The names of one checkpoint's files.
    private struct Name: Equatable {
        let stem: String
        let tokens: [String]
    }

    // MARK: Reading

    /// Stems in order of size, and which names fit no pattern.
    private func names() throws -> (known: [Name], strangers: [String]) {
        guard FileStatus.exists(directory) else { return ([], []) }
        let found = try Directory.names(in: directory).map { BytePath($0).text }
        guard found.count <= Self.fileCountMax else {
            throw VaultError.checkpointDamaged(directory.text)
        }
        var tokens: [Substring: [String]] = [:]
        var stems: [String] = []
        var strangers: [String] = []
        for name in found {
            let parts = name.split(separator: ".", omittingEmptySubsequences: false)
            switch (parts.count, parts.last) {
            case (2, "checkpoint"): stems.append(String(parts[0]))
            case (3, "tsr"): tokens[parts[0], default: []].append(String(parts[0] + "." + parts[1]))
            case (3, "pem"): break
            // What a killed run was writing.
            case (_, "new"): break
            default: strangers.append(name)
            }
        }
        let known = Set(stems)
        strangers += tokens.keys.filter { !known.contains(String($0)) }.map(String.init).sorted()
        return (stems.map { Name(stem: $0, tokens: tokens[$0[...]] ?? []) }, strangers)
    }

    private func read(_ name: Name) throws -> KeptCheckpoint {
        let tokens = try name.tokens.map { token in
            let bytes = try contents(token + ".tsr", TimestampResponse.byteCountMax)
            let roots = try contents(token + ".pem", TimestampResponse.rootsCountMax)
            guard let response = try? TimestampResponse(bytes),
                token == name.stem + "." + Self.digits(of: bytes)
            else { throw VaultError.checkpointDamaged(token + ".tsr") }
            return KeptCheckpoint.Token(response: response, roots: roots)
        }
        let file = name.stem + ".checkpoint"
        let bytes = try contents(file, KeptCheckpoint.byteCountMax)
        guard let kept = try? KeptCheckpoint(bytes, log: log, tokens: tokens),
            Self.stem(of: kept) == name.stem
        else { throw VaultError.checkpointDamaged(file) }
        return kept
    }

    private func contents(_ name: String, _ countMax: Int) throws -> [UInt8] {
        do {
            return try Directory.contents(of: directory.appending(name), countMax: countMax)
        } catch {
            if error.isMissing { throw VaultError.checkpointDamaged(name) }
            throw error
        }
    }

    /// Every checkpoint that reads well, the smallest first, and the files that do not.
    ///
    /// - Throws: ``FileFailure``.
    package func all() throws -> (kept: [KeptCheckpoint], damaged: [String]) {
        let (known, strangers) = try names()
        var damaged = strangers
        var kept: [KeptCheckpoint] = []
        for name in known {
            do {
                kept.append(try read(name))
            } catch VaultError.checkpointDamaged(let file) {
                damaged.append(file)
            }
        }
        return (kept, damaged)
    }

    /// The newest checkpoint that reads well.
    ///
    /// - Throws: ``FileFailure``.
    package func newest() throws -> KeptCheckpoint? { try newest { _ in true } }

    /// The newest answer that verifies, as far as the certificates kept with it go.
    ///
    /// - Throws: ``FileFailure``.
    package func newestToken() throws -> KeptCheckpoint.Token? {
        var best: (token: KeptCheckpoint.Token, time: Int64)?
        _ = try newest { kept in
            for token in kept.tokens {
                // A damaged answer must not stop anybody from depositing; the audit names it.
                guard let facts = try? kept.verify(token, roots: nil) else { continue }
                if facts.earliest > best?.time ?? .min { best = (token, facts.earliest) }
            }
            return best != nil
        }
        return best?.token
    }

    private func newest(where isWanted: (KeptCheckpoint) -> Bool) throws -> KeptCheckpoint? {
        for name in try names().known.reversed() {
            do {
                let kept = try read(name)
                if isWanted(kept) { return kept }
            } catch VaultError.checkpointDamaged {
                // The audit names it.
                continue
            }
        }
        return nil
    }

    // MARK: Adding

    /// Keeps a checkpoint; one that is kept already stays as it is.
    ///
    /// - Throws: ``FileFailure``.
    package func keep(_ kept: KeptCheckpoint) throws {
        try add(kept.bytes, as: Self.stem(of: kept) + ".checkpoint")
    }

    /// Keeps an answer about a checkpoint, and the checkpoint.
    ///
    /// - Throws: ``FileFailure``.
    package func keep(_ token: KeptCheckpoint.Token, over kept: KeptCheckpoint) throws {
        try keep(kept)
        let name = Self.stem(of: kept) + "." + Self.digits(of: token.response.bytes)
        // The certificates first: an answer without them counts as damaged.
        try add(token.roots, as: name + ".pem")
        try add(token.response.bytes, as: name + ".tsr")
    }

    private func add(_ bytes: [UInt8], as name: String) throws {
        let path = directory.appending(name)
        guard !FileStatus.exists(path) else { return }
        try files.make(directory)
        try files.replace(path, with: bytes, mode: 0o400)
    }

    static func stem(of kept: KeptCheckpoint) -> String {
        let size = String(kept.checkpoint.size)
        let zeros = String(repeating: "0", count: max(0, sizeDigits - size.count))
        return zeros + size + "-" + String(Hex.encode(kept.digest).prefix(nameDigits))
    }

    static func digits(of bytes: [UInt8]) -> String {
        String(Hex.encode(SHA256.hash(bytes)).prefix(nameDigits))
    }
}
