// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
package import Sodium
package import Storage
internal import TransparencyLog

/// An opened home: the keyring's secrets and everything that they unlock.
///
/// Whatever works without a passphrase (the audit of the store, receipts) is in ``VaultStore``.
package final class Home: Sendable {
    /// A home that was just made, and the recovery key that goes with it.
    package struct Created: ~Copyable {
        /// The opened home.
        package let home: Home
        /// An age identity, `AGE-SECRET-KEY-PQ-1…`: kept nowhere, shown once.
        package let recoveryKey: SecretBytes
    }

    /// Where things lie.
    package let layout: HomeLayout
    /// The store below.
    package let store: VaultStore
    let secrets: KeyringSecrets
    let identity: HybridIdentity

    init(layout: HomeLayout, secrets: consuming KeyringSecrets) throws {
        self.layout = layout
        identity = try HybridIdentity(seed: secrets.identity.copy())
        self.secrets = secrets
        store = try VaultStore(layout: layout)
    }

    // MARK: Making and opening

    /// Throws if there is a home, so that nobody chooses a passphrase in vain.
    ///
    /// - Throws: ``VaultError/homeExists(_:)``.
    package static func requireNone(at path: BytePath) throws {
        let layout = HomeLayout(path)
        // An interrupted run leaves no keyring, and nothing that needs one.
        let isEmpty = [layout.cases, layout.secrets, layout.colleagues].allSatisfy {
            ((try? Directory.names(in: $0)) ?? []).isEmpty
        }
        guard !FileStatus.exists(layout.keyring) else { throw VaultError.homeExists(path) }
        guard !layout.deposits.contains(0), isEmpty else { throw VaultError.keyringMissing }
    }

    /// Makes a home.
    ///
    /// - Parameters:
    ///   - path: A directory that is empty or does not exist.
    ///   - passphrase: 1...1024 bytes.
    ///   - duress: What opens the second slot, if there is to be one.
    ///   - work: ``Keyring/Work/standard`` outside of demonstrations.
    ///   - files: Through which the home is changed.
    /// - Returns: The home and the recovery key, which whoever calls shows once.
    /// - Throws: ``VaultError/homeExists(_:)``, ``VaultError/invalidPassphrase``,
    ///   ``VaultError/passphraseInUse``, ``FileFailure``.
    package static func create(
        at path: BytePath,
        passphrase: borrowing SecretBytes,
        duress: consuming SecretBytes? = nil,
        work: Keyring.Work = .standard,
        files: any FileSystem = LocalFileSystem(isDiscreet: true)
    ) throws -> Created {
        try requireNone(at: path)
        let layout = HomeLayout(path, files: files)
        let recovery = HybridIdentity()
        let opened = try NewKeyring(
            logSeed: SecretBytes(random: KeyringSecrets.keyCount),
            checkInToken: SecretBytes(random: KeyringSecrets.keyCount),
            recoveryRecipient: recovery.recipient.publicKey,
            passphrase: passphrase,
            duress: duress,
            work: work
        )
        try files.make(path)
        let lock = try files.lock(layout.lock, waiting: true)
        defer { withExtendedLifetime(lock) {} }
        // Somebody else may have made one while the passphrase was stretched.
        try requireNone(at: path)
        try files.make(layout.cases)
        try files.make(layout.secrets)
        try layout.objects.create()
        try layout.deposits.create()
        let signer = try VaultLog.signer(seed: opened.secrets.logSeed)
        try VaultLog.create(at: layout.log, signer: signer, files: files)
        let key = Array((signer.verifier.encoded + "\n").utf8)
        try files.replace(layout.logKey, with: key, mode: 0o644)
        try files.replace(layout.format, with: HomeLayout.format, mode: 0o644)
        let record = try RecoveryRecord.seal(opened.secrets)
        try files.replace(layout.recovery, with: record)
        try files.replace(
            SealedSum.path(of: layout.recovery),
            with: SealedSum.make(record, place: HomeLayout.recoveryName, signer: signer)
        )
        // The home exists from here on; a run that was interrupted before is run again.
        try files.replace(layout.keyring, with: opened.keyring.bytes)
        return Created(
            home: try Home(layout: layout, secrets: opened.takeSecrets()),
            recoveryKey: recovery.text()
        )
    }

    /// Opens a home.
    ///
    /// - Parameters:
    ///   - path: Its directory.
    ///   - passphrase: Of either slot.
    ///   - least: Work below which the keyring is refused.
    ///   - files: Through which the home is changed.
    /// - Returns: The home.
    /// - Throws: ``VaultError`` for a missing home, damage and a wrong passphrase; ``FileFailure``.
    package static func open(
        at path: BytePath,
        passphrase: borrowing SecretBytes,
        least: Keyring.Work = .standard,
        files: any FileSystem = LocalFileSystem(isDiscreet: true)
    ) throws -> Home {
        let layout = HomeLayout(path, files: files)
        let keyring = try readKeyring(layout)
        return try Home(
            layout: layout,
            secrets: keyring.open(passphrase: passphrase, least: least)
        )
    }

    static func readKeyring(_ layout: HomeLayout) throws -> Keyring {
        try layout.check()
        do {
            return try Keyring(
                parsing: Directory.contents(of: layout.keyring, countMax: 2 * Keyring.byteCount)
            )
        } catch let failure as FileFailure where failure.isMissing {
            throw VaultError.keyringMissing
        }
    }

    // MARK: Keys

    /// To whom the record of a case goes: slot 0 and slot 1.
    func slotRecipients(other: [UInt8]? = nil) throws -> [HybridRecipient] {
        var recipients = [
            identity.recipient,
            try HybridRecipient(publicKey: other ?? secrets.otherRecipient),
        ]
        if secrets.slot == 1 { recipients.reverse() }
        return recipients
    }

    /// The lock of this slot.
    var caseLock: CaseLock { CaseLock(identity: secrets.identity) }
}

/// The slots of a keyring that is being made.
struct NewKeyring: ~Copyable {
    let keyring: Keyring
    let secrets: KeyringSecrets

    /// Makes the slots, in random order; without a duress passphrase the second is nobody's.
    init(
        logSeed: consuming SecretBytes,
        checkInToken: consuming SecretBytes,
        recoveryRecipient: [UInt8],
        passphrase: borrowing SecretBytes,
        duress: consuming SecretBytes?,
        work: Keyring.Work
    ) throws {
        let other = HybridIdentity()
        let secrets = KeyringSecrets(
            slot: Int(randomBytes(1)[0] & 1),
            identity: SecretBytes(random: KeyringSecrets.keyCount),
            logSeed: logSeed,
            checkInToken: checkInToken,
            otherRecipient: other.recipient.publicKey,
            recoveryRecipient: recoveryRecipient
        )
        var keyring = try Keyring(secrets, passphrase: passphrase, work: work)
        if let duress {
            try keyring.seal(
                secrets,
                passphrase: passphrase,
                other: secrets.companion(other),
                otherPassphrase: duress
            )
        }
        self.keyring = keyring
        self.secrets = secrets
    }

    consuming func takeSecrets() -> KeyringSecrets { secrets }
}
