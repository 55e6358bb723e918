// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Age
internal import Encodings
package import Sodium

/// A case: what its items are sealed to, who deposits, and the key that reads if it is here.
package final class Case: Sendable {
    /// How patient a case's switch is by default.
    package enum Profile: String, CaseIterable, Sendable {
        case field, standard, long
    }

    /// The longest name, in UTF-8 bytes.
    package static let nameCountMax = 200
    /// Bytes in a pseudonym.
    package static let pseudonymCount = 16

    /// What the store calls it: 16 random bytes.
    package let pseudonym: [UInt8]
    /// What the person calls it.
    package let name: String
    /// How patient its switch is by default.
    package let profile: Profile
    /// Whether the device keeps no key that reads.
    package let isWriteOnly: Bool
    /// Whether it is sealed with X25519 alone, for those whose `age` is older than 1.3.
    package let isClassic: Bool
    /// When it was made, in seconds since 1970.
    package let createdAt: Int64
    /// The age recipient of its items: `age1pq1…`, or `age1…` if it is classic.
    package let recipient: String
    /// The key under which this device's owner deposits.
    package let memberKey: Ed25519.PublicKey
    private let readSeed: SecretBytes?
    private let memberSeed: SecretBytes

    /// A new case with fresh keys; the read key is there until the case is stored.
    init(
        name: String,
        profile: Profile,
        isWriteOnly: Bool,
        isClassic: Bool,
        createdAt: Int64
    )
        throws
    {
        guard Self.isName(name) else { throw VaultError.invalidCaseName }
        let readSeed = SecretBytes(random: 32)
        let memberSeed = SecretBytes(random: 32)
        pseudonym = randomBytes(Self.pseudonymCount)
        self.name = name
        self.profile = profile
        self.isWriteOnly = isWriteOnly
        self.isClassic = isClassic
        self.createdAt = createdAt
        recipient = try Self.recipient(of: readSeed, isClassic: isClassic)
        memberKey = try Ed25519.SecretKey(seed: memberSeed).publicKey
        self.readSeed = consume readSeed
        self.memberSeed = memberSeed
    }

    /// A case read from its record.
    init(
        pseudonym: [UInt8],
        name: String,
        profile: Profile,
        isWriteOnly: Bool,
        isClassic: Bool,
        createdAt: Int64,
        recipient: String,
        readSeed: consuming SecretBytes?,
        memberSeed: consuming SecretBytes
    ) throws {
        self.pseudonym = pseudonym
        self.name = name
        self.profile = profile
        self.isWriteOnly = isWriteOnly
        self.isClassic = isClassic
        self.createdAt = createdAt
        self.recipient = recipient
        memberKey = try Ed25519.SecretKey(seed: memberSeed).publicKey
        self.readSeed = readSeed
        self.memberSeed = memberSeed
    }

    /// The pseudonym in hexadecimal.
    package var pseudonymText: String { Hex.encode(pseudonym) }

    /// Whether the items can be read with what is on this device.
    package var hasReadKey: Bool { readSeed != nil }

    /// The age identity that reads the items, if it is here.
    package func identity() throws -> (any AgeIdentity)? {
        guard let seed = readSeedCopy() else { return nil }
        if isClassic { return try X25519Identity(secret: seed) }
        return try HybridIdentity(seed: seed)
    }

    /// The age identity as text, `AGE-SECRET-KEY-…`, if it is here.
    package func identityText() throws -> SecretBytes? {
        guard let seed = readSeedCopy() else { return nil }
        if isClassic { return try X25519Identity(secret: seed).text() }
        return try HybridIdentity(seed: seed).text()
    }

    /// The age recipient of the items.
    package func ageRecipient() throws -> any AgeRecipient {
        if isClassic { return try X25519Recipient(parsing: recipient) }
        return try HybridRecipient(parsing: recipient)
    }

    /// The key that signs deposits.
    package func memberSecretKey() throws -> Ed25519.SecretKey {
        try Ed25519.SecretKey(seed: memberSeed)
    }

    /// The key under which the list of an item's files is sealed beside its statement.
    package func summaryKey() -> SummaryKey? {
        guard let seed = readSeedCopy() else { return nil }
        return SummaryKey(seed: seed)
    }

    func memberSeedCopy() -> SecretBytes { memberSeed.copy() }

    private func readSeedCopy() -> SecretBytes? {
        guard readSeed != nil else { return nil }
        return readSeed?.copy()
    }

    private static func isName(_ name: String) -> Bool {
        (1...nameCountMax).contains(name.utf8.count)
            // U+FFFD is what was not UTF-8: two such names would be one.
            && name.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && $0.value != 0x7f && $0.value != 0xfffd
            }
    }

    static func recipient(of seed: borrowing SecretBytes, isClassic: Bool) throws -> String {
        if isClassic { return try X25519Identity(secret: seed.copy()).recipient.text }
        return try HybridIdentity(seed: seed.copy()).recipient.text
    }
}
