// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
package import Sodium
package import Storage

/// Changes of passphrases, and the end of a keyring.
///
/// Every change seals the whole keyring and every record anew, so that two copies of a home do not
/// tell which slot a change was for, nor whether a duress passphrase was set, replaced or removed.
extension Home {
    /// Seals the slot of a passphrase under a new one; what the other slot means stays.
    ///
    /// - Throws: As ``open(at:passphrase:least:files:)``; ``VaultError/passphraseInUse``.
    package static func changePassphrase(
        at path: BytePath,
        from old: borrowing SecretBytes,
        to new: borrowing SecretBytes,
        least: Keyring.Work = .standard,
        files: any FileSystem = LocalFileSystem(isDiscreet: true)
    ) throws {
        let layout = HomeLayout(path, files: files)
        let locked = try openLocked(layout, passphrase: old, least: least)
        defer { withExtendedLifetime(locked.lock) {} }
        let home = locked.home
        var keyring = locked.keyring
        try keyring.seal(home.secrets, passphrase: new)
        try home.reseal(other: nil)
        try layout.files.supersede(layout.keyring, with: keyring.bytes)
    }

    /// Gives the other slot a passphrase of its own, another one, or none.
    ///
    /// What the other slot opened with before opens nothing afterwards. The cases of this slot are
    /// write-only for the new one.
    ///
    /// - Parameters:
    ///   - path: The home.
    ///   - passphrase: Of the slot that stays.
    ///   - duress: Of the other slot from now on; nil for a slot that nobody opens.
    ///   - least: Work below which the keyring is refused.
    ///   - files: Through which the home is changed.
    /// - Throws: As ``open(at:passphrase:least:files:)``; ``VaultError/passphraseInUse``.
    package static func changeDuress(
        at path: BytePath,
        passphrase: borrowing SecretBytes,
        to duress: consuming SecretBytes?,
        least: Keyring.Work = .standard,
        files: any FileSystem = LocalFileSystem(isDiscreet: true)
    ) throws {
        let layout = HomeLayout(path, files: files)
        let locked = try openLocked(layout, passphrase: passphrase, least: least)
        defer { withExtendedLifetime(locked.lock) {} }
        let home = locked.home
        var keyring = locked.keyring
        let other = HybridIdentity()
        let secrets = home.secrets.beside(other.recipient.publicKey)
        if let duress {
            try keyring.seal(
                secrets,
                passphrase: passphrase,
                other: secrets.companion(other),
                otherPassphrase: duress
            )
        } else {
            try keyring.sealAlone(secrets, passphrase: passphrase)
        }
        // The records first: if this is interrupted, this slot opens them all the same, and the
        // command is run again.
        try home.reseal(other: other.recipient.publicKey)
        try layout.files.supersede(layout.keyring, with: keyring.bytes)
    }

    /// A home whose keyring nobody else changes as long as the lock is held.
    private struct Locked {
        let home: Home
        let keyring: Keyring
        let lock: any FileLock
    }

    /// Opens a home to change its keyring.
    ///
    /// Another change may be made while this one waits for the lock, and the two must not be mixed:
    /// so a keyring that is not the same any more is opened again. Where the passphrase was
    /// replaced meanwhile, it is a wrong one.
    private static func openLocked(
        _ layout: HomeLayout,
        passphrase: borrowing SecretBytes,
        least: Keyring.Work
    ) throws -> Locked {
        let before = try readKeyring(layout)
        // A lock leaves a file; whoever does not know the passphrase leaves nothing.
        let home = try Home(
            layout: layout,
            secrets: before.open(passphrase: passphrase, least: least)
        )
        let lock = try layout.files.lock(layout.lock, waiting: true)
        let keyring = try readKeyring(layout)
        guard keyring.bytes != before.bytes else {
            return Locked(home: home, keyring: keyring, lock: lock)
        }
        let secrets = try keyring.open(passphrase: passphrase, least: least)
        return Locked(
            home: try Home(layout: layout, secrets: secrets),
            keyring: keyring,
            lock: lock
        )
    }

    /// Seals all records anew.
    ///
    /// `other` is the recipient of a new other slot, which shall read nothing that is here; nil
    /// where the other slot stays what it is.
    private func reseal(other: [UInt8]?) throws {
        let recipients = try slotRecipients(other: other)
        for (pseudonym, numbers) in try layout.caseKeys() {
            for number in numbers {
                // A damaged record is no reason to go on with a passphrase that others know.
                guard var record = try? record(pseudonym, number) else { continue }
                if other != nil {
                    record.locks[1 - secrets.slot] = randomBytes(CaseRecord.lockCount)
                }
                try layout.files.supersede(
                    layout.caseKey(pseudonym, number).appending("record.age"),
                    with: Self.seal(record.text(), to: recipients)
                )
            }
        }
        try resealKept(to: recipients)
    }

    /// Destroys the keyring and every record that it opens, which needs no passphrase.
    ///
    /// Objects, statements, log and receipts stay: others can verify them, and the recovery key
    /// opens them.
    ///
    /// - Throws: ``VaultError/homeMissing(_:)``; the first ``FileFailure`` after everything was
    ///   tried.
    package static func destroyKeys(at path: BytePath) throws {
        let layout = HomeLayout(path)
        try layout.check()
        var failure: FileFailure?
        func destroy(_ path: BytePath) {
            do {
                try layout.files.destroy(path)
            } catch {
                failure = failure ?? error
            }
        }
        // The keyring first: everything else is closed without it.
        destroy(layout.keyring)
        destroy(BytePath(layout.keyring.bytes + Array(".new".utf8)))
        for directory in [layout.cases, layout.secrets] {
            for name in (try? Directory.names(in: directory)) ?? [] {
                for record in ["record.age", "slot0.age", "slot1.age"] {
                    destroy(directory.appending(name).appending(record))
                }
            }
        }
        if let failure { throw failure }
    }
}
