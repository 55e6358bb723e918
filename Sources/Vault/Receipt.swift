// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import Statements
package import TransparencyLog

/// A receipt: one printable text that proves that a deposit was accepted.
///
/// It holds the signed statement, the salt that hides it in the log, the log's public key, and a
/// C2SP tlog-proof. Nothing else is needed to check it; what it cannot prove by itself is that the
/// key in it is the log that it should be, so whoever knows the log's key compares.
///
/// Spec: `docs/spec/vault.md`, section 6.
package struct Receipt: Equatable, Sendable {
    /// The longest receipt that is read.
    package static let byteCountMax = 4 << 20
    private static let heading = "resguardo-receipt/1"

    /// The public key of the log, with its name.
    package let log: NoteVerifier
    /// Hides the statement in the log.
    package let salt: [UInt8]
    /// The signed statement.
    package let envelope: Envelope
    /// Inclusion in the log, and its signed checkpoint.
    package let proof: TlogProof

    /// A receipt of its parts.
    package init(log: NoteVerifier, salt: [UInt8], envelope: Envelope, proof: TlogProof) {
        self.log = log
        self.salt = salt
        self.envelope = envelope
        self.proof = proof
    }

    /// Reads a receipt; nothing is verified.
    ///
    /// - Throws: ``VaultError/malformedReceipt(line:)``.
    package init(parsing bytes: [UInt8]) throws {
        guard bytes.count <= Self.byteCountMax else { throw VaultError.malformedReceipt(line: 1) }
        var reader = ByteReader(bytes)
        var line = 1
        do {
            try DepositRecord.read(Self.heading, &reader)
            line = 2
            let key = try DepositRecord.value("log ", &reader, countMax: 4096)
            log = try Self.logKey(key)
            line = 3
            let salt = try DepositRecord.value("salt ", &reader, countMax: 64)
            self.salt = try Base64.decode(salt)
            guard self.salt.count == DepositRecord.saltCount else {
                throw VaultError.malformedReceipt(line: line)
            }
            line = 4
            let text = try DepositRecord.value("statement ", &reader, countMax: 1 << 17)
            envelope = try Envelope(canonical: text)
            line = 5
            try DepositRecord.read("", &reader)
            line = 6
            proof = try TlogProof(parsing: Array(reader.read(reader.remainingCount)))
            // Extra data is for proofs that have nothing else to say what they prove.
            guard proof.extra == nil else { throw VaultError.malformedReceipt(line: 7) }
        } catch let error as VaultError {
            throw error
        } catch TransparencyLogError.malformedProof(let proofLine) {
            throw VaultError.malformedReceipt(line: 5 + proofLine)
        } catch TransparencyLogError.malformedNote(let noteLine) {
            throw VaultError.malformedReceipt(line: 5 + noteLine)
        } catch {
            throw VaultError.malformedReceipt(line: line)
        }
    }

    /// Reads the key of a vault's log, which signs in the one way that all who verify know.
    ///
    /// - Throws: `TransparencyLogError.malformedKey`, `.malformedName`.
    static func logKey(_ text: some Collection<UInt8>) throws -> NoteVerifier {
        guard let text = String(validating: text, as: UTF8.self) else {
            throw TransparencyLogError.malformedKey
        }
        let key = try NoteVerifier(parsing: text)
        guard key.algorithm == .ed25519 else { throw TransparencyLogError.malformedKey }
        return key
    }

    /// The text.
    package var bytes: [UInt8] {
        Array(
            """
            \(Self.heading)
            log \(log.encoded)
            salt \(Base64.encode(salt))
            statement \(envelope.json.canonicalText)


            """.utf8
        ) + proof.encoded
    }

    /// What a log keeps of the statement: a salted hash.
    package var entry: [UInt8] { DepositRecord.entry(salt: salt, envelope: envelope.bytes) }

    /// The leaf of the log that it is about.
    package var leaf: LogHash { .leaf(entry) }

    /// What the depositor says; not verified.
    ///
    /// - Throws: ``VaultError/malformedReceipt(line:)``.
    package func statement() throws -> DepositStatement {
        do {
            return try envelope.read(DepositStatement.self)
        } catch {
            throw VaultError.malformedReceipt(line: 4)
        }
    }

    /// Verifies everything that can be verified without the object.
    ///
    /// - Parameter expected: The log that it should be; nil believes the receipt.
    /// - Returns: The statement, and the checkpoint that proves it.
    /// - Throws: ``VaultError/invalidReceipt(_:)`` with the flaw found first.
    package func verify(
        log expected: NoteVerifier? = nil
    ) throws -> (statement: DepositStatement, checkpoint: Checkpoint) {
        let statement = try statement()
        guard expected == nil || expected == log else {
            throw VaultError.invalidReceipt(.otherLog)
        }
        do {
            _ = try DepositRecord.open(envelope)
        } catch {
            throw VaultError.invalidReceipt(.statementSignature)
        }
        do {
            let verified = try proof.verify(leaf: leaf, policy: LogPolicy(log: log))
            return (statement, verified.checkpoint)
        } catch .indexOutOfRange, .inclusionNotProven {
            throw VaultError.invalidReceipt(.inclusion)
        } catch {
            throw VaultError.invalidReceipt(.checkpointSignature)
        }
    }
}
