// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Age
internal import Encodings
package import Sodium

/// One of the keys that a case has had: what items are sealed to, and what reads them if it is
/// here.
///
/// A case begins with key 1; each rotation gives it the next one.
package final class CaseKey: Sendable {
    /// The most keys that a case has in its life.
    package static let numberMax = 64

    /// 1 for the first key of a case, 2 after its first rotation.
    package let number: Int
    /// The age recipient: `age1pq1…`, or `age1…` if it is classic.
    package let recipient: String
    /// Whether it is X25519 alone, for those whose `age` is older than 1.3.
    package let isClassic: Bool
    private let seed: SecretBytes?

    /// A key as it was read.
    init(number: Int, recipient: String, isClassic: Bool, seed: consuming SecretBytes?) {
        self.number = number
        self.recipient = recipient
        self.isClassic = isClassic
        self.seed = seed
    }

    /// A key whose secret half is here.
    init(number: Int, isClassic: Bool, seed: consuming SecretBytes) throws {
        self.number = number
        self.isClassic = isClassic
        recipient =
            isClassic
            ? try X25519Identity(secret: seed.copy()).recipient.text
            : try HybridIdentity(seed: seed.copy()).recipient.text
        self.seed = consume seed
    }

    /// Reads an age identity as the secret half of a key.
    ///
    /// - Throws: `EncodingError`, `AgeError`.
    convenience init(number: Int, identity text: borrowing SecretBytes) throws {
        var characters = text.reveal()
        defer { wipe(&characters) }
        var decoded = try Bech32.decode(characters)
        let isClassic = decoded.prefix == X25519Identity.prefix
        guard isClassic || decoded.prefix == HybridIdentity.prefix, decoded.bytes.count == 32
        else { throw AgeError.malformedIdentity(line: 1) }
        let seed = SecretBytes(wiping: &decoded.bytes)
        try self.init(number: number, isClassic: isClassic, seed: seed)
    }

    /// Whether the secret half is here.
    package var isReadable: Bool { seed != nil }

    /// The age identity, if it is here.
    package func identity() throws -> (any AgeIdentity)? {
        guard let seed = seedCopy() else { return nil }
        if isClassic { return try X25519Identity(secret: seed) }
        return try HybridIdentity(seed: seed)
    }

    /// The age identity as text, `AGE-SECRET-KEY-…`, if it is here.
    package func identityText() throws -> SecretBytes? {
        guard let seed = seedCopy() else { return nil }
        if isClassic { return try X25519Identity(secret: seed).text() }
        return try HybridIdentity(seed: seed).text()
    }

    /// The age recipient.
    package func ageRecipient() throws -> any AgeRecipient {
        if isClassic { return try X25519Recipient(parsing: recipient) }
        return try HybridRecipient(parsing: recipient)
    }

    /// The key under which the list of an item's files is sealed beside its statement.
    func summaryKey() -> SummaryKey? {
        guard let seed = seedCopy() else { return nil }
        return SummaryKey(seed: seed)
    }

    func seedCopy() -> SecretBytes? {
        guard seed != nil else { return nil }
        return seed?.copy()
    }
}

/// Several identities as one: a file opens with whichever fits.
final class AnyOfIdentities: AgeIdentity {
    private let identities: [any AgeIdentity]

    init(_ identities: [any AgeIdentity]) {
        self.identities = identities
    }

    func unwrap(_ stanzas: [Stanza]) throws(AgeError) -> FileKey? {
        for identity in identities {
            if let key = try identity.unwrap(stanzas) { return key }
        }
        return nil
    }
}
