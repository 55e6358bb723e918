// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
internal import Sodium

/// Cases that several people work on, each in a home of their own.
extension Home {
    private static let contactInfo = Array("resguardo/vault/contact/1".utf8)

    /// The most colleagues that one box is sealed to.
    package static let colleagueCountMax = CaseShare.recipientCount
    /// The longest box.
    package static let shareCountMax = CaseShare.sealedCountMax

    private func contact() throws -> HybridIdentity {
        try HybridIdentity(
            seed: HKDFSHA256.derive(
                secret: secrets.identity,
                salt: [],
                info: Self.contactInfo,
                count: KeyringSecrets.keyCount
            )
        )
    }

    /// The recipient that colleagues share cases with this home to: `age1pq1…`.
    package func contactRecipient() throws -> String { try contact().recipient.text }

    /// Seals a case for colleagues.
    ///
    /// - Parameters:
    ///   - item: The case, all its keys readable; see ``unlocked(_:recoveryKey:)``.
    ///   - recipients: What their ``contactRecipient()`` says.
    /// - Returns: A box of fixed length, which does not show how many colleagues there are.
    /// - Throws: ``VaultError/noReadKey(_:)``, ``VaultError/notAColleague``,
    ///   ``VaultError/tooManyColleagues(limit:)``.
    package func share(_ item: Case, with recipients: [String]) throws -> [UInt8] {
        guard (1...Self.colleagueCountMax).contains(recipients.count) else {
            throw VaultError.tooManyColleagues(limit: Self.colleagueCountMax)
        }
        let colleagues = try recipients.map { text in
            guard let recipient = try? HybridRecipient(parsing: text) else {
                throw VaultError.notAColleague
            }
            return recipient
        }
        return try CaseShare.seal(item, to: colleagues)
    }

    /// Takes a case that a colleague shared, or the newer keys of one that is here.
    ///
    /// This home deposits under a member key of its own.
    ///
    /// - Parameters:
    ///   - box: From ``share(_:with:)``.
    ///   - name: What to call the case here, if not what the colleague calls it.
    /// - Returns: The case.
    /// - Throws: ``VaultError/shareForOthers``, ``VaultError/malformedShare``,
    ///   ``VaultError/caseExists(_:)`` for another case of that name, ``FileFailure``.
    package func accept(_ box: [UInt8], as name: String? = nil) throws -> Case {
        let shared = try CaseShare.open(box, identity: contact())
        let pseudonym = shared.pseudonymText
        let present = try layout.caseKeys()[pseudonym] ?? []
        let item: Case
        if present.isEmpty {
            let name = name ?? shared.name
            guard try !cases().contains(where: { $0.name == name }) else {
                throw VaultError.caseExists(name)
            }
            item = try shared.renamed(name)
        } else {
            item = try read(pseudonym).with(keys: shared.keys)
        }
        for key in item.keys where !present.contains(key.number) {
            try add(key, to: item, isWriteOnly: false)
        }
        return try read(pseudonym)
    }
}
