// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
package import Sodium
package import Storage
internal import TransparencyLog

/// What the recovery key does.
extension Home {
    /// A home that was opened with its recovery key.
    package struct Restored: Sendable {
        /// The opened home.
        package let home: Home
        /// Names of cases that were write-only, and can be read on this device from now on.
        package let formerlyWriteOnly: [String]
        /// Pseudonyms of cases that were left as they are, since their records are damaged.
        package let damaged: [String]
    }

    /// Makes a new keyring for a home whose keyring is lost, wiped or shut, or for a copy of its
    /// directory on another machine.
    ///
    /// Every case is restored with all keys that read it. The log goes on where it was. The
    /// recovery key stays what it is. Interrupted, it is run again.
    ///
    /// - Parameters:
    ///   - path: The home, or the copy: everything of it but the keyring is needed.
    ///   - recoveryKey: As it was typed: spaces and line feeds in it do no harm.
    ///   - passphrase: Of the new keyring.
    ///   - duress: Of its second slot, if there is to be one.
    ///   - work: ``Keyring/Work/standard`` outside of demonstrations.
    /// - Returns: The home.
    /// - Throws: ``VaultError/homeMissing(_:)``, ``VaultError/malformedRecoveryKey``,
    ///   ``VaultError/wrongRecoveryKey``, ``VaultError/recoveryRecordDamaged``, ``FileFailure``.
    package static func restore(
        at path: BytePath,
        recoveryKey: borrowing SecretBytes,
        passphrase: borrowing SecretBytes,
        duress: consuming SecretBytes? = nil,
        work: Keyring.Work = .standard
    ) throws -> Restored {
        let layout = HomeLayout(path)
        let recovery = try RecoveryKeyText.identity(recoveryKey)
        let record = try readRecovery(layout, recovery)
        let store = try VaultStore(layout: layout)
        guard try VaultLog.signer(seed: record.logSeed).verifier == store.logKey else {
            throw VaultError.recoveryRecordDamaged
        }
        let opened = try NewKeyring(
            logSeed: record.logSeed.copy(),
            checkInToken: record.checkInToken.copy(),
            recoveryRecipient: recovery.recipient.publicKey,
            passphrase: passphrase,
            duress: duress,
            work: work
        )
        let bytes = opened.keyring.bytes
        let home = try Home(layout: layout, secrets: opened.takeSecrets())
        let lock = try layout.files.lock(layout.lock, waiting: true)
        defer { withExtendedLifetime(lock) {} }
        let (names, damaged) = try home.restoreCases(recovery)
        try home.restoreKept(recovery)
        try home.vouch(for: layout.recovery, HomeLayout.recoveryName)
        // What directories a copy may have left out because they were empty.
        try layout.objects.create()
        try layout.deposits.create()
        try layout.files.supersede(layout.keyring, with: bytes)
        return Restored(home: home, formerlyWriteOnly: names, damaged: damaged)
    }

    /// Checks a recovery key before anybody chooses a passphrase in vain.
    ///
    /// - Throws: As ``restore(at:recoveryKey:passphrase:duress:work:)``.
    package static func check(recoveryKey: borrowing SecretBytes, at path: BytePath) throws {
        _ = try readRecovery(HomeLayout(path), RecoveryKeyText.identity(recoveryKey))
    }

    /// The case with every key that reads it, for as long as the caller holds it.
    ///
    /// - Parameters:
    ///   - item: A case that is not, or not wholly, readable here.
    ///   - recoveryKey: As it was typed.
    /// - Returns: The case; nothing is written.
    /// - Throws: ``VaultError/malformedRecoveryKey``, ``VaultError/wrongRecoveryKey``,
    ///   ``VaultError/caseRecordDamaged(pseudonym:)``.
    package func unlocked(_ item: Case, recoveryKey: borrowing SecretBytes) throws -> Case {
        let recovery = try RecoveryKeyText.identity(recoveryKey)
        guard recovery.recipient.publicKey == secrets.recoveryRecipient else {
            throw VaultError.wrongRecoveryKey
        }
        return try item.with(
            keys: item.keys.map {
                try recoveryRecord(item.pseudonymText, $0.number, recovery).key
            }
        )
    }

    private static func readRecovery(
        _ layout: HomeLayout,
        _ recovery: HybridIdentity
    ) throws -> RecoveryRecord {
        try layout.check()
        let countMax = RecoveryRecord.sealedCountMax
        guard let sealed = try Directory.contentsIfPresent(of: layout.recovery, countMax: countMax)
        else { throw VaultError.recoveryRecordDamaged }
        return try RecoveryRecord.open(sealed, with: recovery)
    }

    private func restoreCases(
        _ recovery: HybridIdentity
    ) throws -> (formerlyWriteOnly: [String], damaged: [String]) {
        var names: [String] = []
        var damaged: [String] = []
        try layout.files.make(layout.cases)
        for (pseudonym, numbers) in try layout.caseKeys().sorted(by: { $0.key < $1.key }) {
            do {
                for number in numbers {
                    let found = try restore(pseudonym, number, recovery)
                    if found.wasWriteOnly, number == numbers.last { names.append(found.item.name) }
                }
            } catch VaultError.caseRecordDamaged {
                damaged.append(pseudonym)
            }
        }
        return (names, damaged)
    }

    private func restore(
        _ pseudonym: String,
        _ number: Int,
        _ recovery: HybridIdentity
    ) throws -> CaseRecord {
        let found = try recoveryRecord(pseudonym, number, recovery)
        let record = try CaseRecord(
            found.item,
            key: found.key,
            reader: (slot: secrets.slot, lock: caseLock)
        )
        let directory = layout.caseKey(pseudonym, number)
        try layout.files.supersede(
            directory.appending("record.age"),
            with: Self.seal(record.text(), to: slotRecipients())
        )
        try vouch(
            for: directory.appending(HomeLayout.recoveryName),
            HomeLayout.place(pseudonym, number, HomeLayout.recoveryName)
        )
        return found
    }

    /// Gives a record that the recovery key has just opened its sum, where an older program made
    /// none.
    private func vouch(for path: BytePath, _ place: String) throws {
        let sum = SealedSum.path(of: path)
        guard !FileStatus.exists(sum) else { return }
        let bytes = try Directory.contents(of: path, countMax: CaseRecord.sealedCountMax)
        let signer = try VaultLog.signer(seed: secrets.logSeed)
        try layout.files.replace(sum, with: SealedSum.make(bytes, place: place, signer: signer))
    }

    private func recoveryRecord(
        _ pseudonym: String,
        _ number: Int,
        _ recovery: HybridIdentity
    ) throws -> CaseRecord {
        let record = try Self.record(
            at: layout.caseKey(pseudonym, number).appending("recovery.age"),
            identity: recovery,
            pseudonym: pseudonym,
            number: number
        )
        guard record.key.isReadable else {
            throw VaultError.caseRecordDamaged(pseudonym: pseudonym)
        }
        return record
    }
}
