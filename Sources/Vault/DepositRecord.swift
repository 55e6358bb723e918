// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
package import Sodium
package import Statements
package import TransparencyLog

/// A signed deposit statement, the salt that hides it in the log, and the sealed summary.
///
/// Spec: `docs/spec/vault.md`, sections 3.3 and 5.2.
package struct DepositRecord: Equatable, Sendable {
    /// Bytes in the salt of a leaf.
    package static let saltCount = 32
    private static let heading = "resguardo-deposit/1"
    private static let saltLabel = Array("resguardo/vault/salt/1\n".utf8)
    private static let leafLabel = Array("resguardo/vault/leaf/1\n".utf8)

    /// The signed statement.
    package let envelope: Envelope
    /// What it says.
    package let statement: DepositStatement
    /// Random; the salt is made of it.
    private let seed: [UInt8]
    /// Hides the statement in the log, and binds the summary: another summary is another salt.
    package let salt: [UInt8]
    /// Sealed ``Summary``.
    package let summary: [UInt8]
    /// What the log keeps of it: a salted hash.
    package let entry: [UInt8]

    /// Signs a statement under a fresh salt.
    package init(
        _ statement: DepositStatement,
        key: borrowing Ed25519.SecretKey,
        summary: [UInt8]
    ) throws {
        precondition(statement.member == key.publicKey.bytes, "a member signs its own statement")
        self.statement = statement
        envelope = try statement.signed(by: key)
        seed = randomBytes(Self.saltCount)
        salt = Self.salt(seed: seed, summary: summary)
        self.summary = summary
        entry = Self.entry(salt: salt, envelope: envelope.bytes)
    }

    /// Reads a record and checks the signature.
    ///
    /// - Throws: A ``StatementError`` or an ``EncodingError``.
    package init(parsing bytes: [UInt8]) throws {
        try self.init(accepted: bytes)
        _ = try Self.open(envelope)
    }

    /// Reads a record whose signature was checked when the log accepted it.
    ///
    /// - Throws: A ``StatementError`` or an ``EncodingError``.
    init(accepted bytes: [UInt8]) throws {
        var reader = ByteReader(bytes)
        try Self.read(Self.heading, &reader)
        seed = try Base64.decode(Self.value("seed ", &reader, countMax: 64))
        let text = try Self.value("statement ", &reader, countMax: 1 << 17)
        envelope = try Envelope(canonical: text)
        summary = try Base64.decode(Self.value("summary ", &reader, countMax: 2048))
        try reader.requireEnd()
        guard seed.count == Self.saltCount, summary.count == Summary.sealedCount else {
            throw EncodingError.truncated(offset: reader.offset, needed: 1)
        }
        salt = Self.salt(seed: seed, summary: summary)
        entry = Self.entry(salt: salt, envelope: text)
        statement = try envelope.read(DepositStatement.self)
    }

    /// The record as stored.
    package var bytes: [UInt8] {
        Array(
            """
            \(Self.heading)
            seed \(Base64.encode(seed))
            statement \(envelope.json.canonicalText)
            summary \(Base64.encode(summary))

            """.utf8
        )
    }

    /// The leaf of the log.
    package var leaf: LogHash { .leaf(entry) }

    /// SHA-256(label ‖ seed ‖ summary).
    private static func salt(seed: [UInt8], summary: [UInt8]) -> [UInt8] {
        SHA256.hash(saltLabel + seed + summary)
    }

    /// SHA-256(label ‖ salt ‖ canonical envelope).
    static func entry(salt: [UInt8], envelope: [UInt8]) -> [UInt8] {
        SHA256.hash(leafLabel + salt + envelope)
    }

    /// The statement in an envelope, if its own member signed it.
    static func open(_ envelope: Envelope) throws -> DepositStatement {
        let statement = try envelope.read(DepositStatement.self)
        try envelope.verify(keys: [Ed25519.PublicKey(statement.member)])
        return statement
    }

    static func read(_ line: String, _ reader: inout ByteReader) throws {
        let offset = reader.offset
        guard try reader.readLine(countMax: line.utf8.count).elementsEqual(line.utf8) else {
            throw EncodingError.invalidCharacter(offset: offset)
        }
    }

    static func value(
        _ prefix: String,
        _ reader: inout ByteReader,
        countMax: Int
    ) throws -> [UInt8] {
        let offset = reader.offset
        let line = try reader.readLine(countMax: countMax + prefix.utf8.count)
        guard line.starts(with: prefix.utf8) else {
            throw EncodingError.invalidCharacter(offset: offset)
        }
        return Array(line.dropFirst(prefix.utf8.count))
    }
}
