// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
internal import Encodings
internal import Sodium
internal import Statements

/// What a key of a case leaves beside the keyring: one record for both slots, one for the recovery
/// key, of fixed length.
///
/// Both slots open the same text: the case's fields, the keys that sign, and for each slot the
/// secret half of the case's key, *locked* under that slot's identity. A lock that is nobody's is
/// random, so nothing tells a case that a slot may not read from one that nobody here can read.
/// In the recovery record the secret half stands as an age identity: an heir opens it with the
/// recovery key and stock `age`, and then, with what came out, the items.
///
/// Spec: `docs/spec/vault.md`, section 4.2.
struct CaseRecord {
    /// Bytes in every record before it is sealed.
    static let byteCount = 6144
    /// The longest sealed record.
    static let sealedCountMax = 24 << 10
    /// Bytes in a lock: nonce, seed, tag.
    static let lockCount = ChaChaPoly.extendedNonceCount + 32 + ChaChaPoly.tagCount

    private static let heading = "# resguardo case record 1"
    private static let fieldsPrefix = "# case "
    private static let memberPrefix = "# member "
    private static let admissionPrefix = "# admission "
    private static let lockPrefix = "# lock "

    /// The case with this key alone, its secret half not here unless this is a recovery record.
    let item: Case
    /// Whether the device that made it kept no key that reads; only recovery records say so.
    let wasWriteOnly: Bool
    /// The secret half of the key, locked for slot 0 and for slot 1; empty in recovery records.
    var locks: [[UInt8]]

    /// The key of the case that this record is about.
    var key: CaseKey { item.keys[0] }

    /// A record of one key for both slots, with the one that may read; nil where neither may.
    init(_ item: Case, key: CaseKey, reader slot: (slot: Int, lock: CaseLock)?) throws {
        self.item = try item.with(keys: [key])
        wasWriteOnly = false
        locks = [randomBytes(Self.lockCount), randomBytes(Self.lockCount)]
        if let slot, let seed = key.seedCopy() {
            locks[slot.slot] = try slot.lock.close(seed, case: item.pseudonym, number: key.number)
        }
    }

    // MARK: Text

    /// The text for both slots.
    func text() -> SecretBytes {
        var lines = locks.enumerated().map { slot, lock in
            Array("\(Self.lockPrefix)\(slot) \(Hex.encode(lock))".utf8)
        }
        return Self.text(item, key: key, wasWriteOnly: nil, lines: &lines)
    }

    /// The text for the recovery key.
    ///
    /// - Throws: ``VaultError/noReadKey(_:)`` where the secret half is not here.
    static func recoveryText(
        _ item: Case,
        key: CaseKey,
        isWriteOnly: Bool
    ) throws -> SecretBytes {
        guard let identity = try key.identityText() else { throw VaultError.noReadKey(item.name) }
        var lines = [identity.reveal()]
        return text(item, key: key, wasWriteOnly: isWriteOnly, lines: &lines)
    }

    private static func text(
        _ item: Case,
        key: CaseKey,
        wasWriteOnly: Bool?,
        lines: inout [[UInt8]]
    ) -> SecretBytes {
        var fields: [String: JSONValue] = [
            "pseudonym": .string(item.pseudonymText),
            "name": .string(item.name),
            "profile": .string(item.profile.rawValue),
            "classic": .boolean(key.isClassic),
            "createdAt": .integer(item.createdAt),
            "key": .integer(Int64(key.number)),
            "recipient": .string(key.recipient),
        ]
        if let wasWriteOnly { fields["writeOnly"] = .boolean(wasWriteOnly) }
        let json = JSONValue.object(fields).canonicalText
        var text = Array((heading + "\n" + fieldsPrefix + json + "\n").utf8)
        text.reserveCapacity(byteCount)
        for (prefix, seed) in [
            (memberPrefix, item.memberSeedCopy().reveal()),
            (admissionPrefix, item.admissionSeedCopy().reveal()),
        ] {
            var seed = seed
            text += Array((prefix + Hex.encode(seed) + "\n").utf8)
            wipe(&seed)
        }
        for index in lines.indices {
            text += lines[index]
            text.append(0x0a)
            wipe(&lines[index])
        }
        FixedText.fill(&text, to: byteCount)
        return SecretBytes(wiping: &text)
    }

    // MARK: Reading

    /// Reads the text of either kind of record.
    ///
    /// - Throws: ``VaultError/caseRecordDamaged(pseudonym:)``, errors of the parsers.
    init(parsing text: [UInt8]) throws {
        let damaged = VaultError.caseRecordDamaged(pseudonym: "")
        guard text.count == Self.byteCount else { throw damaged }
        var reader = ByteReader(text)
        guard try reader.readLine(countMax: 64).elementsEqual(Self.heading.utf8) else {
            throw damaged
        }
        let json = try JSONValue(canonical: FixedText.value(Self.fieldsPrefix, &reader))
        var fields = try StatementFields(json)
        let member = try FixedText.secret(Self.memberPrefix, &reader)
        let admission = try FixedText.secret(Self.admissionPrefix, &reader)
        let number = Int(try fields.integer("key", in: 1...Int64(CaseKey.numberMax)))
        let isClassic = try fields.boolean("classic")
        let recipient = try fields.string("recipient", countMax: 4096)
        wasWriteOnly = fields.has("writeOnly") ? try fields.boolean("writeOnly") : false
        let key: CaseKey
        locks = []
        var line = Array(try reader.readLine(countMax: 256))
        if line.starts(with: Self.lockPrefix.utf8) {
            for slot in 0...1 {
                let prefix = "\(Self.lockPrefix)\(slot) "
                guard line.starts(with: prefix.utf8) else { throw damaged }
                let digits = String(decoding: line.dropFirst(prefix.utf8.count), as: UTF8.self)
                let lock = try Hex.decode(digits)
                guard lock.count == Self.lockCount else { throw damaged }
                locks.append(lock)
                line = Array(try reader.readLine(countMax: Self.byteCount))
            }
            key = CaseKey(number: number, recipient: recipient, isClassic: isClassic, seed: nil)
        } else {
            key = try CaseKey(number: number, identity: SecretBytes(wiping: &line))
            guard key.isClassic == isClassic, key.recipient == recipient else { throw damaged }
        }
        item = try Case(
            pseudonym: fields.hex("pseudonym", count: Case.pseudonymCount),
            name: fields.string("name", countMax: Case.nameCountMax),
            profile: fields.word("profile"),
            createdAt: fields.time("createdAt"),
            keys: [key],
            memberSeed: member,
            admissionSeed: admission
        )
        try fields.finish()
    }

    /// The key with its secret half, if this slot's lock opens.
    func key(of slot: Int, _ lock: CaseLock) throws -> CaseKey {
        // Where the lock does not open, a key of nobody is made and dropped: whoever counts what
        // this program does sees the same.
        var seed = SecretBytes(random: 32)
        var isOpen = false
        if let found = lock.open(locks[slot], case: item.pseudonym, number: key.number) {
            seed = found
            isOpen = true
        }
        let opened = try CaseKey(number: key.number, isClassic: key.isClassic, seed: seed)
        guard isOpen else { return key }
        guard opened.recipient == key.recipient else {
            throw VaultError.caseRecordDamaged(pseudonym: item.pseudonymText)
        }
        return opened
    }
}

/// What a slot locks the keys of its cases with.
final class CaseLock: Sendable {
    private static let info = Array("resguardo/vault/case-lock/1".utf8)
    private let identity: SecretBytes

    /// The lock of the slot with this identity.
    init(identity seed: borrowing SecretBytes) {
        identity = seed.copy()
    }

    private func key(_ pseudonym: [UInt8], _ number: Int) -> SecretBytes {
        HKDFSHA256.derive(
            secret: identity,
            salt: pseudonym + UInt32(number).bigEndianBytes,
            info: Self.info,
            count: ChaChaPoly.keyCount
        )
    }

    func close(
        _ seed: borrowing SecretBytes,
        case pseudonym: [UInt8],
        number: Int
    ) throws -> [UInt8] {
        let nonce = randomBytes(ChaChaPoly.extendedNonceCount)
        return nonce + (try ChaChaPoly.seal(seed, key: key(pseudonym, number), nonce: nonce))
    }

    /// Nil where the lock is another slot's, or nobody's.
    func open(_ lock: [UInt8], case pseudonym: [UInt8], number: Int) -> SecretBytes? {
        guard lock.count == CaseRecord.lockCount else { return nil }
        return try? ChaChaPoly.open(
            Array(lock.dropFirst(ChaChaPoly.extendedNonceCount)),
            key: key(pseudonym, number),
            nonce: Array(lock.prefix(ChaChaPoly.extendedNonceCount))
        )
    }
}
