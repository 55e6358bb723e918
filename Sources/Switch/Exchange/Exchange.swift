// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Sodium
package import Statements
package import Storage
package import TransparencyLog

/// A shared directory through which the people of a switch trade statements.
///
/// It holds a C2SP tlog-tiles log, the key of that log, and the key of one witness that cosigns
/// each checkpoint with the time. Whoever can write to it runs log and witness at once: it stands
/// in for two independent nodes on one machine, and protects against nothing that those would
/// protect against.
///
/// Spec: `docs/spec/switch.md`, section 9.
package final class Exchange {
    /// Names of the files.
    private enum Name {
        static let policy = "policy"
        static let logKey = "log.key"
        static let witnessKey = "witness.key"
        static let log = "log"
        static let escrow = "escrow"
    }

    private static let keyCountMax = 4096
    private static let domain = "resguardo.local/"
    private static let demoDomain = "resguardo.demo/"
    private static let directoryNameCount = 8

    /// The directory.
    package let directory: String
    /// The policy as it stands in the directory.
    package let policyText: String
    /// Its log, and its witness.
    package let policy: LogPolicy
    private let fileSystem: any FileSystem

    private init(directory: String, policyText: String, fileSystem: any FileSystem) throws {
        self.directory = directory
        self.policyText = policyText
        self.fileSystem = fileSystem
        policy = try LogPolicy(parsing: Array(policyText.utf8))
        guard policy.logs.count == 1, policy.witnesses.count == 1 else {
            throw ExchangeError.damaged(name: Name.policy)
        }
    }

    /// Whether it was made for trying things out: a clock that is moved on purpose would mislead
    /// everybody who reads any other.
    package var isDemo: Bool { policy.origins.allSatisfy { $0.hasPrefix(Self.demoDomain) } }

    // MARK: Making and opening

    /// Opens an exchange.
    ///
    /// - Throws: ``ExchangeError/missing`` where there is none, ``ExchangeError/damaged(name:)``,
    ///   ``FileSystemError``.
    package static func open(
        _ directory: String,
        fileSystem: (any FileSystem)? = nil
    ) throws -> Exchange {
        let fileSystem = fileSystem ?? SharedFileSystem(root: directory)
        do {
            let path = directory + "/" + Name.policy
            let bytes = try fileSystem.read(path, countMax: LogPolicy.countMax)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw ExchangeError.damaged(name: Name.policy)
            }
            return try Exchange(directory: directory, policyText: text, fileSystem: fileSystem)
        } catch FileSystemError.notFound {
            throw ExchangeError.missing
        } catch is TransparencyLogError {
            throw ExchangeError.damaged(name: Name.policy)
        }
    }

    /// Opens an exchange, and makes it first if there is none.
    ///
    /// - Parameters:
    ///   - directory: Its directory; the parent exists.
    ///   - time: Seconds since 1970, for the first cosignature.
    ///   - isDemo: Whether a new one is for trying things out, so that moved clocks may sign in it.
    ///   - fileSystem: Where the directory is; by default one that several users may share.
    /// - Returns: The exchange.
    /// - Throws: As ``open(_:fileSystem:)``, and what making a log throws.
    package static func openOrCreate(
        _ directory: String,
        time: Int64,
        isDemo: Bool = false,
        fileSystem: (any FileSystem)? = nil
    ) throws -> Exchange {
        let fileSystem = fileSystem ?? SharedFileSystem(root: directory)
        do {
            return try open(directory, fileSystem: fileSystem)
        } catch ExchangeError.missing {
            try fileSystem.makeDirectory(directory)
            let domain = isDemo ? demoDomain : domain
            let name = domain + Hex.encode(randomBytes(directoryNameCount))
            let signer = try key(
                Name.logKey,
                in: directory,
                named: name + "/log",
                fileSystem
            )
            let witness = try key(
                Name.witnessKey,
                in: directory,
                named: name + "/witness",
                fileSystem
            )
            let log = try NoteSigner(parsing: signer)
            let cosigner = try Cosigner(parsing: witness)
            do {
                _ = try TiledLog.create(
                    directory: directory + "/" + Name.log,
                    signer: log,
                    cosigners: [cosigner],
                    keepsEntries: true,
                    time: time,
                    fileSystem: fileSystem
                )
            } catch TiledLogError.exists {
                // An earlier run was interrupted after the log and before the policy.
            }
            try fileSystem.makeDirectory(directory + "/" + Name.escrow)
            let policy = """
                log \(log.verifier.encoded)
                witness local \(cosigner.verifier.encoded)
                quorum local

                """
            // The exchange exists from here on.
            try fileSystem.replace(directory + "/" + Name.policy, with: Array(policy.utf8))
            return try open(directory, fileSystem: fileSystem)
        }
    }

    /// Reads a key file, or makes it.
    private static func key(
        _ file: String,
        in directory: String,
        named name: String,
        _ fileSystem: any FileSystem
    ) throws -> SecretBytes {
        let path = directory + "/" + file
        if var bytes = try? fileSystem.read(path, countMax: keyCountMax) {
            return SecretBytes(wiping: &bytes)
        }
        let key = SignerKey(name: try KeyName(name), seed: SecretBytes(random: 32)).encoded()
        var bytes = key.reveal()
        defer { wipe(&bytes) }
        try fileSystem.replace(path, with: bytes)
        return key
    }

    // MARK: The log

    /// Appends statements; when this returns they are durable and witnessed.
    ///
    /// The log's previous cosigned checkpoint goes in before them, so that a reader who comes
    /// later knows when the entries before it were there.
    ///
    /// - Parameters:
    ///   - envelopes: The statements; without any, nothing is done.
    ///   - now: The witness's time.
    /// - Returns: The one log that has them.
    /// - Throws: ``SwitchError/clockRunsBackwards(seconds:leaf:)``, ``TiledLogError``,
    ///   ``FileSystemError``.
    @discardableResult
    package func append(_ envelopes: [Envelope], asOf now: Int64) throws -> Int {
        guard !envelopes.isEmpty else { return receiptCountMin }
        let log = try openLog(asOf: now)
        _ = try log.append(heartbeat(of: log) + envelopes.map(\.bytes), time: now)
        return receiptCountMin
    }

    /// Has the witness sign the newest checkpoint again.
    ///
    /// The checkpoint that first covered the last statement goes into the log before it is
    /// replaced: without it that statement would seem to be as young as the new signature.
    ///
    /// - Parameter now: The witness's time.
    /// - Returns: The checkpoint, cosigned at `now`.
    /// - Throws: As ``append(_:asOf:)``.
    package func refresh(asOf now: Int64) throws -> SignedNote {
        let log = try openLog(asOf: now)
        return try log.append(heartbeat(of: log), time: now).note
    }

    /// The log's checkpoint as an entry, if it covers a statement that no heartbeat covers yet.
    private func heartbeat(of log: TiledLog) throws -> [[UInt8]] {
        guard log.size > 0 else { return [] }
        let last = try log.reader.entry(at: log.size - 1)
        let note = log.reader.note
        // One that is later than the log itself was signed by a clock far ahead.
        if let time = WitnessedLog.heartbeatTime(last, policy: policy),
            try time <= policy.witnessedTime(of: note)
        {
            return []
        }
        return [note.encoded]
    }

    /// The log as of its newest checkpoint, checked against every checkpoint in it.
    ///
    /// - Throws: ``TiledLogError``, ``FileSystemError``,
    ///   ``SwitchError/logContradictsItself(leaf:)``.
    /// - Complexity: O(n log n) hashes.
    package func log() throws -> WitnessedLog {
        let reader = try reader()
        var leaves: [[UInt8]] = []
        while UInt64(leaves.count) < reader.size {
            let bundle = try reader.entries(inBundle: UInt64(leaves.count / TilePath.fullWidth))
            guard !bundle.isEmpty else { throw ExchangeError.damaged(name: Name.log) }
            leaves += bundle
        }
        return try WitnessedLog(leaves: leaves, newest: reader.note, policy: policy)
    }

    /// The log's files, by its newest checkpoint.
    func reader() throws -> TiledLogReader {
        try TiledLogReader(
            directory: directory + "/" + Name.log,
            log: policy.logs[0].verifier,
            fileSystem: fileSystem
        )
    }

    private func openLog(asOf now: Int64) throws -> TiledLog {
        let signer: NoteSigner
        let witness: Cosigner
        do {
            signer = try NoteSigner(parsing: secret(Name.logKey))
            witness = try Cosigner(parsing: secret(Name.witnessKey))
        } catch is TransparencyLogError {
            throw ExchangeError.damaged(name: Name.logKey)
        }
        let log = try TiledLog.open(
            directory: directory + "/" + Name.log,
            signer: signer,
            cosigners: [witness],
            fileSystem: fileSystem
        )
        // The witness signs no time before one that it has signed: time runs one way in a log.
        let last = try policy.witnessedTime(of: log.reader.note)
        guard now < last else { return log }
        // Except back from a time that no honest clock can have shown.
        let known = try self.log()
        guard known.allowsRewind(to: now) else {
            let leaf = known.entries.last?.leaf ?? 0
            throw SwitchError.clockRunsBackwards(seconds: last - now, leaf: leaf)
        }
        return log
    }

    private func secret(_ name: String) throws -> SecretBytes {
        do {
            var bytes = try fileSystem.read(directory + "/" + name, countMax: Self.keyCountMax)
            return SecretBytes(wiping: &bytes)
        } catch FileSystemError.notFound {
            throw ExchangeError.damaged(name: name)
        }
    }

    // MARK: Escrow files

    /// Where the escrow file with this digest lies.
    package func escrowPath(_ digest: [UInt8]) -> String {
        directory + "/" + Name.escrow + "/" + Hex.encode(digest) + ".age"
    }

    /// Stores an escrow file durably, under its digest.
    ///
    /// - Throws: ``FileSystemError``.
    package func store(_ escrow: EscrowFile) throws {
        try fileSystem.replace(escrowPath(escrow.digest), with: escrow.bytes)
    }

    /// Reads the escrow file that an arming names.
    ///
    /// - Throws: ``SwitchError/escrowMissing``, ``SwitchError/escrowChanged``, ``FileSystemError``.
    package func escrow(_ digest: [UInt8]) throws -> EscrowFile {
        let bytes: [UInt8]
        do {
            bytes = try fileSystem.read(
                escrowPath(digest),
                countMax: EscrowFile.byteCountMax
            )
        } catch FileSystemError.notFound {
            throw SwitchError.escrowMissing
        } catch FileSystemError.tooLarge {
            throw SwitchError.escrowChanged
        }
        let file = EscrowFile(bytes: bytes)
        guard file.digest == digest else { throw SwitchError.escrowChanged }
        return file
    }
}

/// Why a shared directory could not be used.
package enum ExchangeError: Error, Equatable, Sendable {
    /// There is no exchange in the directory.
    case missing
    /// A file of the exchange is missing or not what it should be.
    case damaged(name: String)
}
