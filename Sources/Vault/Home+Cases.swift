// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
internal import Sodium
internal import Storage

/// Cases and the keys that they have in turn.
extension Home {
    /// Bytes in the text of earlier keys, before sealing.
    private static let earlierCount = 6144
    private static let earlierHeading = "# resguardo earlier keys 1\n"

    /// Makes a case and its records.
    ///
    /// Only the slot that is open gets the key that reads; for the other one, the case is
    /// write-only.
    ///
    /// - Parameters:
    ///   - name: What to call it, 1...200 bytes.
    ///   - profile: How patient its switch is.
    ///   - isWriteOnly: The read key goes to the recovery recipient and is forgotten here.
    ///   - isClassic: X25519 instead of the post-quantum hybrid.
    ///   - now: Seconds since 1970.
    /// - Returns: The case.
    /// - Throws: ``VaultError/caseExists(_:)``, ``VaultError/invalidCaseName``, ``FileFailure``.
    package func createCase(
        named name: String,
        profile: Case.Profile = .standard,
        isWriteOnly: Bool = false,
        isClassic: Bool = false,
        now: Int64
    ) throws -> Case {
        guard try !cases().contains(where: { $0.name == name }) else {
            throw VaultError.caseExists(name)
        }
        let key = try CaseKey(number: 1, isClassic: isClassic, seed: SecretBytes(random: 32))
        let item = try Case(
            pseudonym: randomBytes(Case.pseudonymCount),
            name: name,
            profile: profile,
            createdAt: now,
            keys: [key],
            memberSeed: SecretBytes(random: 32),
            admissionSeed: SecretBytes(random: 32)
        )
        try add(key, to: item, isWriteOnly: isWriteOnly)
        return try read(item.pseudonymText)
    }

    /// Gives a case a new key for later items.
    ///
    /// Items that are there go on being sealed to the keys they were sealed to. Whoever has the new
    /// key can open those before it that were here to be read.
    ///
    /// - Parameters:
    ///   - item: The case.
    ///   - isWriteOnly: The new key goes to the recovery recipient and is forgotten here.
    /// - Returns: The case as it is now.
    /// - Throws: ``VaultError/tooManyKeys(limit:)``, ``FileFailure``.
    package func rotate(_ item: Case, isWriteOnly: Bool) throws -> Case {
        guard item.key.number < CaseKey.numberMax else {
            throw VaultError.tooManyKeys(limit: CaseKey.numberMax)
        }
        let key = try CaseKey(
            number: item.key.number + 1,
            isClassic: item.isClassic,
            seed: SecretBytes(random: 32)
        )
        try add(key, to: item, isWriteOnly: isWriteOnly)
        return try read(item.pseudonymText)
    }

    /// All cases, the oldest first, but those whose records are damaged.
    ///
    /// - Throws: ``FileFailure``.
    package func cases() throws -> [Case] { try allCases().whole }

    /// The case of a name or pseudonym.
    ///
    /// - Throws: ``VaultError/caseMissing(_:)``; ``VaultError/caseRecordDamaged(pseudonym:)`` if
    ///   it may be the one whose record is; ``FileFailure``.
    package func findCase(_ name: String) throws -> Case {
        let (cases, damaged) = try allCases()
        if let item = cases.first(where: { $0.name == name })
            ?? cases.first(where: { $0.pseudonymText == name })
        {
            return item
        }
        guard let pseudonym = damaged.first(where: { $0 == name }) ?? damaged.first else {
            throw VaultError.caseMissing(name)
        }
        throw VaultError.caseRecordDamaged(pseudonym: pseudonym)
    }

    /// All cases, the oldest first, and the pseudonyms of those whose records are damaged.
    ///
    /// A damaged record keeps nobody from the other cases.
    ///
    /// - Throws: ``FileFailure``.
    package func allCases() throws -> (whole: [Case], damaged: [String]) {
        var whole: [Case] = []
        var damaged: [String] = []
        for (pseudonym, numbers) in try layout.caseKeys() {
            do {
                whole.append(try read(pseudonym, numbers: numbers))
            } catch VaultError.caseRecordDamaged {
                damaged.append(pseudonym)
            }
        }
        whole.sort { ($0.createdAt, $0.pseudonymText) < ($1.createdAt, $1.pseudonymText) }
        return (whole, damaged.sorted())
    }

    // MARK: Records

    /// Writes the records of a key, whose secret half is here.
    func add(_ key: CaseKey, to item: Case, isWriteOnly: Bool) throws {
        let recipients = try slotRecipients()
        let reader = isWriteOnly ? nil : (slot: secrets.slot, lock: caseLock)
        let record = try CaseRecord(item, key: key, reader: reader)
        let recovery = try CaseRecord.recoveryText(item, key: key, isWriteOnly: isWriteOnly)
        var files = [
            ("record.age", try Self.seal(record.text(), to: recipients)),
            (
                "recovery.age",
                try Self.seal(
                    recovery,
                    to: [HybridRecipient(publicKey: secrets.recoveryRecipient)]
                )
            ),
            (
                "earlier.age",
                try Self.seal(earlier(than: key, of: item), to: [key.ageRecipient()])
            ),
        ]
        // The first is sealed anew with each passphrase; the others stay, and nobody here opens
        // them.
        let signer = try VaultLog.signer(seed: secrets.logSeed)
        for (name, bytes) in files.dropFirst() {
            let place = HomeLayout.place(item.pseudonymText, key.number, name)
            let sum = SealedSum.make(bytes, place: place, signer: signer)
            files.append((name + SealedSum.suffix, sum))
        }
        let lock = try layout.files.lock(layout.lock, waiting: true)
        defer { withExtendedLifetime(lock) {} }
        // All records appear together, by the rename of their directory.
        let temporary = layout.cases.appending(".new-\(item.pseudonymText).\(key.number)")
        try layout.files.make(temporary)
        for (name, bytes) in files {
            try layout.files.replace(temporary.appending(name), with: bytes)
        }
        try layout.files.rename(temporary, to: layout.caseKey(item.pseudonymText, key.number))
    }

    /// The identities of all earlier keys that are here, for whoever will have this one.
    private func earlier(than key: CaseKey, of item: Case) throws -> SecretBytes {
        var text = Array(Self.earlierHeading.utf8)
        text.reserveCapacity(Self.earlierCount)
        for other in item.keys.reversed() where other.number < key.number {
            guard let identity = try other.identityText() else { continue }
            var line = identity.reveal()
            text += line
            text.append(0x0a)
            wipe(&line)
        }
        FixedText.fill(&text, to: Self.earlierCount)
        return SecretBytes(wiping: &text)
    }

    func read(_ pseudonym: String) throws -> Case {
        try read(pseudonym, numbers: layout.caseKeys()[pseudonym] ?? [])
    }

    private func read(_ pseudonym: String, numbers: [Int]) throws -> Case {
        var keys: [CaseKey] = []
        var newest: Case?
        for number in numbers {
            let record = try record(pseudonym, number)
            keys.append(try record.key(of: secrets.slot, caseLock))
            newest = record.item
        }
        guard let newest else { throw VaultError.caseRecordDamaged(pseudonym: pseudonym) }
        return try newest.with(keys: keys)
    }

    func record(_ pseudonym: String, _ number: Int) throws -> CaseRecord {
        try Self.record(
            at: layout.caseKey(pseudonym, number).appending("record.age"),
            identity: identity,
            pseudonym: pseudonym,
            number: number
        )
    }

    static func record(
        at path: BytePath,
        identity: any AgeIdentity,
        pseudonym: String,
        number: Int
    ) throws -> CaseRecord {
        let damaged = VaultError.caseRecordDamaged(pseudonym: pseudonym)
        let countMax = CaseRecord.sealedCountMax
        guard let sealed = try Directory.contentsIfPresent(of: path, countMax: countMax) else {
            throw damaged
        }
        do {
            var text = try AgeDecryptor(identities: [identity], armor: .refused).open(sealed)
            defer { wipe(&text) }
            let record = try CaseRecord(parsing: text)
            guard record.item.pseudonymText == pseudonym, record.key.number == number else {
                throw damaged
            }
            return record
        } catch {
            throw damaged
        }
    }

    static func seal(
        _ text: borrowing SecretBytes,
        to recipients: [any AgeRecipient]
    ) throws -> [UInt8] {
        var bytes = text.reveal()
        defer { wipe(&bytes) }
        return try AgeEncryptor(recipients: recipients).seal(bytes)
    }
}
