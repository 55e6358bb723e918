// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
internal import Encodings
internal import Sodium
internal import Statements

/// A case in a sealed box for colleagues: all keys that read it, and what admits members.
///
/// The box always has the same number of recipients and the same length: those that are nobody's
/// make up for colleagues that there are not.
///
/// Spec: `docs/spec/vault.md`, section 8.1.
enum CaseShare {
    /// Recipients of every box.
    static let recipientCount = 8
    /// Bytes before sealing.
    static let byteCount = 8192
    /// The longest box.
    static let sealedCountMax = 64 << 10
    private static let heading = "# resguardo case share 1"
    private static let fieldsPrefix = "# case "
    private static let admissionPrefix = "# admission "

    /// Seals a case whose keys are all here.
    ///
    /// - Throws: ``VaultError/noReadKey(_:)``.
    static func seal(_ item: Case, to colleagues: [HybridRecipient]) throws -> [UInt8] {
        precondition((1...recipientCount).contains(colleagues.count), "some colleagues")
        var text = Array((heading + "\n").utf8)
        text.reserveCapacity(byteCount)
        defer { wipe(&text) }
        let fields: JSONValue = [
            "pseudonym": .string(item.pseudonymText),
            "name": .string(item.name),
            "profile": .string(item.profile.rawValue),
            "createdAt": .integer(item.createdAt),
            "keys": .array(item.keys.map { .integer(Int64($0.number)) }),
        ]
        text += Array((fieldsPrefix + fields.canonicalText + "\n").utf8)
        var admission = item.admissionSeedCopy().reveal()
        text += Array((admissionPrefix + Hex.encode(admission) + "\n").utf8)
        wipe(&admission)
        for key in item.keys {
            guard let identity = try key.identityText() else {
                throw VaultError.noReadKey(item.name)
            }
            var line = identity.reveal()
            text += line
            text.append(0x0a)
            wipe(&line)
        }
        FixedText.fill(&text, to: byteCount)
        var recipients = colleagues
        while recipients.count < recipientCount {
            recipients.append(HybridIdentity().recipient)
        }
        // The place of a stanza does not tell whether it is somebody's.
        let order = recipients.map { ($0, randomBytes(16)) }
            .sorted { $0.1.lexicographicallyPrecedes($1.1) }
        return try AgeEncryptor(recipients: order.map { $0.0 }).seal(text)
    }

    /// Opens a box; the case gets a new member key.
    ///
    /// - Throws: ``VaultError/shareForOthers``, ``VaultError/malformedShare``.
    static func open(_ sealed: [UInt8], identity: HybridIdentity) throws -> Case {
        do {
            var text = try AgeDecryptor(identities: [identity], armor: .refused).open(sealed)
            defer { wipe(&text) }
            return try read(text)
        } catch AgeError.noIdentityMatched {
            throw VaultError.shareForOthers
        } catch {
            throw VaultError.malformedShare
        }
    }

    private static func read(_ text: [UInt8]) throws -> Case {
        guard text.count == byteCount else { throw VaultError.malformedShare }
        var reader = ByteReader(text)
        try DepositRecord.read(heading, &reader)
        let json = try JSONValue(canonical: FixedText.value(fieldsPrefix, &reader))
        var fields = try StatementFields(json)
        let admission = try FixedText.secret(admissionPrefix, &reader)
        let countMax = CaseKey.numberMax
        guard case .array(let numbers) = try fields.value("keys"),
            (1...countMax).contains(numbers.count)
        else { throw VaultError.malformedShare }
        var keys: [CaseKey] = []
        for (index, number) in numbers.enumerated() {
            guard number == .integer(Int64(index + 1)) else { throw VaultError.malformedShare }
            var line = Array(try reader.readLine(countMax: 256))
            keys.append(try CaseKey(number: index + 1, identity: SecretBytes(wiping: &line)))
        }
        let item = try Case(
            pseudonym: fields.hex("pseudonym", count: Case.pseudonymCount),
            name: fields.string("name", countMax: Case.nameCountMax),
            profile: fields.word("profile"),
            createdAt: fields.time("createdAt"),
            keys: keys,
            memberSeed: SecretBytes(random: 32),
            admissionSeed: admission
        )
        try fields.finish()
        return item
    }
}
