// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import Sodium
package import Statements

/// A key, and the id under which envelopes list its signatures.
package struct RegistryKey: Hashable, Sendable {
    /// The Ed25519 key.
    package let key: Ed25519.PublicKey
    /// SHA-256 of the key.
    package let id: RegistryID

    package init(_ key: Ed25519.PublicKey) {
        self.key = key
        id = RegistryID(SHA256.hash(key.bytes))
    }

    /// - Parameter bytes: 32 bytes, as statements carry them.
    package init(bytes: [UInt8]) {
        do {
            self.init(try Ed25519.PublicKey(bytes))
        } catch {
            preconditionFailure("statements carry keys of 32 bytes")
        }
    }

    package static func == (left: RegistryKey, right: RegistryKey) -> Bool { left.id == right.id }
    package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// One entry of the registry's log, read but not yet judged.
package struct RegistryEntry: Sendable {
    /// Place in the log, from zero.
    package let index: Int64
    /// SHA-256 of the entry's bytes: what other statements call it by.
    package let digest: RegistryID
    /// The statement; `nil` for bytes that are none.
    package let statement: RegistryStatement?
    /// Ids of the keys that are listed as signers.
    let signerIDs: [RegistryID]
    private let envelope: Envelope?
    private let isVerified: Bool

    /// Reads an entry.
    ///
    /// Never fails: what is no statement is refused by the fold, not skipped.
    ///
    /// - Parameters:
    ///   - index: Its place in the log.
    ///   - bytes: A canonical envelope, if it is a statement.
    ///   - isVerified: The signatures of these very bytes were checked before, and the tree that
    ///     holds them was kept since; they are not checked again.
    package init(index: Int64, bytes: [UInt8], isVerified: Bool = false) {
        // Why bytes are no statement does not matter to the fold.
        let envelope = try? Envelope(canonical: bytes)
        let statement = envelope.flatMap { try? RegistryStatement($0) }
        self.init(
            index: index,
            digest: RegistryID(SHA256.hash(bytes)),
            envelope: statement == nil ? nil : envelope,
            statement: statement,
            isVerified: isVerified
        )
    }

    /// An entry made of an envelope that is still to be appended.
    ///
    /// - Throws: `.unexpectedType`, the field errors.
    package init(index: Int64, envelope: Envelope) throws(StatementError) {
        self.init(
            index: index,
            digest: RegistryID(envelope.digest),
            envelope: envelope,
            statement: try RegistryStatement(envelope),
            isVerified: false
        )
    }

    private init(
        index: Int64,
        digest: RegistryID,
        envelope: Envelope?,
        statement: RegistryStatement?,
        isVerified: Bool
    ) {
        self.index = index
        self.digest = digest
        self.envelope = envelope
        self.statement = statement
        self.isVerified = isVerified
        signerIDs = envelope?.signatures.compactMap { RegistryID(hex: $0.keyID) } ?? []
    }

    /// Whether `key` has signed.
    ///
    /// Looks at the list first: no curve operation for a stranger.
    func isSigned(by key: RegistryKey) -> Bool {
        guard let envelope, signerIDs.contains(key.id) else { return false }
        return isVerified || envelope.isSigned(by: key.key)
    }
}
