// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
internal import Encodings
internal import Sodium
internal import Statements

/// What a case leaves beside the keyring, three times: for either slot, and for the recovery key.
///
/// The plaintext is an age identity file of fixed length: comments with the case's fields, the
/// identity that reads, and filling. So an heir with the recovery key and stock `age` opens a
/// record and then, with the record, the items. Where a record carries no read key, a comment of
/// the same length stands in its place.
///
/// Spec: `docs/spec/vault.md`, section 4.2.
enum CaseRecord {
    /// Bytes in every record before it is sealed.
    static let byteCount = 6144
    /// The longest sealed record.
    static let sealedCountMax = 16 << 10

    private static let heading = "# resguardo case record 1"
    private static let fieldsPrefix = "# case "
    private static let memberPrefix = "# member "
    private static let noKey = "# the key that reads this case is not here"

    /// The plaintext of a record.
    ///
    /// - Parameters:
    ///   - item: The case.
    ///   - hasReadKey: Whether the identity goes in.
    /// - Returns: ``byteCount`` bytes.
    /// - Throws: Never in practice; the keys were made by us.
    static func plaintext(of item: Case, hasReadKey: Bool) throws -> SecretBytes {
        let fields: JSONValue = [
            "pseudonym": .string(item.pseudonymText),
            "name": .string(item.name),
            "profile": .string(item.profile.rawValue),
            "writeOnly": .boolean(item.isWriteOnly),
            "classic": .boolean(item.isClassic),
            "createdAt": .integer(item.createdAt),
            "recipient": .string(item.recipient),
        ]
        var text = Array((heading + "\n" + fieldsPrefix + fields.canonicalText + "\n").utf8)
        text.reserveCapacity(byteCount)
        var member = item.memberSeedCopy().reveal()
        text += Array((memberPrefix + Hex.encode(member) + "\n").utf8)
        wipe(&member)
        if hasReadKey, let identity = try item.identityText() {
            var key = identity.reveal()
            text += key
            wipe(&key)
        } else {
            text += Array(noKey.utf8)
        }
        text.append(0x0a)
        precondition(text.count + 3 <= byteCount, "a name that fits the record")
        text.append(UInt8(ascii: "#"))
        text += [UInt8](repeating: UInt8(ascii: "."), count: byteCount - text.count - 1)
        text.append(0x0a)
        return SecretBytes(wiping: &text)
    }

    /// Seals a record to one recipient.
    static func seal(
        _ item: Case,
        hasReadKey: Bool,
        to recipient: any AgeRecipient
    ) throws -> [UInt8] {
        var text = try plaintext(of: item, hasReadKey: hasReadKey).reveal()
        defer { wipe(&text) }
        return try AgeEncryptor(recipients: [recipient]).seal(text)
    }

    /// Opens a record.
    ///
    /// - Parameters:
    ///   - sealed: The record as stored.
    ///   - identity: Of a slot, or of the recovery key.
    ///   - pseudonym: What its place says, in hexadecimal.
    /// - Returns: The case.
    /// - Throws: ``VaultError/caseRecordDamaged(pseudonym:)``.
    static func open(
        _ sealed: [UInt8],
        identity: any AgeIdentity,
        pseudonym: String
    ) throws -> Case {
        do {
            var text = try AgeDecryptor(identities: [identity], armor: .refused).open(sealed)
            defer { wipe(&text) }
            let item = try read(text)
            guard item.pseudonymText == pseudonym else {
                throw VaultError.caseRecordDamaged(pseudonym: pseudonym)
            }
            return item
        } catch {
            throw VaultError.caseRecordDamaged(pseudonym: pseudonym)
        }
    }

    private static func read(_ text: [UInt8]) throws -> Case {
        let damaged = VaultError.caseRecordDamaged(pseudonym: "")
        guard text.count == byteCount else { throw damaged }
        var reader = ByteReader(text)
        guard try reader.readLine(countMax: 64).elementsEqual(heading.utf8) else { throw damaged }
        let fieldsLine = try reader.readLine(countMax: byteCount)
        let memberLine = try reader.readLine(countMax: 256)
        let keyLine = try reader.readLine(countMax: 256)
        guard fieldsLine.starts(with: fieldsPrefix.utf8), memberLine.starts(with: memberPrefix.utf8)
        else { throw damaged }
        let json = try JSONValue(canonical: Array(fieldsLine.dropFirst(fieldsPrefix.utf8.count)))
        var fields = try StatementFields(json)
        var memberText = String(
            decoding: memberLine.dropFirst(memberPrefix.utf8.count),
            as: UTF8.self
        )
        var member = try Hex.decode(memberText)
        memberText = ""
        let isClassic = try fields.boolean("classic")
        var readSeed: SecretBytes?
        if !keyLine.elementsEqual(noKey.utf8) {
            var decoded = try Bech32.decode(String(decoding: keyLine, as: UTF8.self))
            let prefix = isClassic ? X25519Identity.prefix : HybridIdentity.prefix
            guard decoded.prefix == prefix, decoded.bytes.count == 32 else { throw damaged }
            readSeed = SecretBytes(wiping: &decoded.bytes)
        }
        let item = try Case(
            pseudonym: fields.hex("pseudonym", count: Case.pseudonymCount),
            name: fields.string("name", countMax: Case.nameCountMax),
            profile: fields.word("profile"),
            isWriteOnly: fields.boolean("writeOnly"),
            isClassic: isClassic,
            createdAt: fields.time("createdAt"),
            recipient: fields.string("recipient", countMax: 4096),
            readSeed: readSeed,
            memberSeed: SecretBytes(wiping: &member)
        )
        try fields.finish()
        return item
    }
}
