// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Age
internal import Encodings
package import Sodium

/// A case: what its items are sealed to, who deposits, and the keys that read if they are here.
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
    /// When it was made, in seconds since 1970.
    package let createdAt: Int64
    /// All keys it has had, the oldest first; at least one.
    package let keys: [CaseKey]
    /// The key under which this device's owner deposits.
    package let memberKey: Ed25519.PublicKey
    /// What certifies the member keys of all who were given the case.
    package let admissionKey: Ed25519.PublicKey
    private let memberSeed: SecretBytes
    private let admissionSeed: SecretBytes

    /// A case.
    ///
    /// - Throws: ``VaultError/invalidCaseName``.
    init(
        pseudonym: [UInt8],
        name: String,
        profile: Profile,
        createdAt: Int64,
        keys: [CaseKey],
        memberSeed: consuming SecretBytes,
        admissionSeed: consuming SecretBytes
    ) throws {
        precondition(!keys.isEmpty && pseudonym.count == Self.pseudonymCount, "a case has a key")
        guard Self.isName(name) else { throw VaultError.invalidCaseName }
        self.pseudonym = pseudonym
        self.name = name
        self.profile = profile
        self.createdAt = createdAt
        self.keys = keys.sorted { $0.number < $1.number }
        memberKey = try Ed25519.SecretKey(seed: memberSeed).publicKey
        admissionKey = try Ed25519.SecretKey(seed: admissionSeed).publicKey
        self.memberSeed = memberSeed
        self.admissionSeed = admissionSeed
    }

    /// The same case with other keys.
    func with(keys: [CaseKey]) throws -> Case {
        try Case(
            pseudonym: pseudonym,
            name: name,
            profile: profile,
            createdAt: createdAt,
            keys: keys,
            memberSeed: memberSeed.copy(),
            admissionSeed: admissionSeed.copy()
        )
    }

    /// The same case under another name.
    func renamed(_ name: String) throws -> Case {
        try Case(
            pseudonym: pseudonym,
            name: name,
            profile: profile,
            createdAt: createdAt,
            keys: keys,
            memberSeed: memberSeed.copy(),
            admissionSeed: admissionSeed.copy()
        )
    }

    /// The key that new items are sealed to.
    package var key: CaseKey { keys[keys.count - 1] }

    /// The pseudonym in hexadecimal.
    package var pseudonymText: String { Hex.encode(pseudonym) }

    /// The age recipient of new items: `age1pq1…`, or `age1…` if it is classic.
    package var recipient: String { key.recipient }

    /// Whether it is sealed with X25519 alone, for those whose `age` is older than 1.3.
    package var isClassic: Bool { key.isClassic }

    /// Whether the device keeps no key that reads new items.
    package var isWriteOnly: Bool { !key.isReadable }

    /// Whether there are items that can be read with what is on this device.
    package var hasReadKey: Bool { keys.contains(where: \.isReadable) }

    /// What reads the items, as far as it is here: one identity that stands for all keys.
    package func identity() throws -> (any AgeIdentity)? {
        let identities = try keys.reversed().compactMap { try $0.identity() }
        return identities.isEmpty ? nil : AnyOfIdentities(identities)
    }

    /// The age identity that reads new items as text, `AGE-SECRET-KEY-…`, if it is here.
    package func identityText() throws -> SecretBytes? { try key.identityText() }

    /// The age recipient of new items.
    package func ageRecipient() throws -> any AgeRecipient { try key.ageRecipient() }

    /// The key that signs deposits.
    package func memberSecretKey() throws -> Ed25519.SecretKey {
        try Ed25519.SecretKey(seed: memberSeed)
    }

    /// The key that signs certificates of members.
    func admissionSecretKey() throws -> Ed25519.SecretKey {
        try Ed25519.SecretKey(seed: admissionSeed)
    }

    /// The key under which the lists of new items' files are sealed beside their statements.
    package func summaryKey() -> SummaryKey? { key.summaryKey() }

    /// What opens the summaries of old and new items, as far as it is here.
    func summaryKeys() -> [SummaryKey] { keys.reversed().compactMap { $0.summaryKey() } }

    func memberSeedCopy() -> SecretBytes { memberSeed.copy() }

    func admissionSeedCopy() -> SecretBytes { admissionSeed.copy() }

    /// Whether this can be the pseudonym of a case, in hexadecimal.
    static func isPseudonym(_ text: String) -> Bool {
        (try? Hex.decode(text))?.count == pseudonymCount
    }

    /// Whether a case can have this name.
    static func isName(_ name: String) -> Bool {
        (1...nameCountMax).contains(name.utf8.count)
            // U+FFFD is what was not UTF-8: two such names would be one.
            && name.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && $0.value != 0x7f && $0.value != 0xfffd
            }
    }
}
