// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
internal import Encodings
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
    /// Whose passphrase opened the keyring.
    package var role: KeyringSecrets.Role { secrets.role }
    let secrets: KeyringSecrets
    private let identity: HybridIdentity

    private init(layout: HomeLayout, secrets: consuming KeyringSecrets) throws {
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
        let cases = (try? Directory.names(in: layout.cases)) ?? []
        guard !FileStatus.exists(layout.keyring), !layout.deposits.contains(0), cases.isEmpty
        else { throw VaultError.homeExists(path) }
    }

    /// Makes a home.
    ///
    /// - Parameters:
    ///   - path: A directory that is empty or does not exist.
    ///   - passphrase: 1...1024 bytes.
    ///   - work: ``Keyring/Work/standard`` outside of demonstrations.
    ///   - files: Through which the home is changed.
    /// - Returns: The home and the recovery key, which whoever calls shows once.
    /// - Throws: ``VaultError/homeExists(_:)``, ``VaultError/invalidPassphrase``, ``FileFailure``.
    package static func create(
        at path: BytePath,
        passphrase: borrowing SecretBytes,
        work: Keyring.Work = .standard,
        files: any FileSystem = LocalFileSystem(isDiscreet: true)
    ) throws -> Created {
        try requireNone(at: path)
        let layout = HomeLayout(path, files: files)
        let recovery = HybridIdentity()
        let slot = Int(randomBytes(1)[0] & 1)
        let secrets = KeyringSecrets(
            role: .owner,
            slot: slot,
            identity: SecretBytes(random: KeyringSecrets.keyCount),
            logSeed: SecretBytes(random: KeyringSecrets.keyCount),
            checkInToken: SecretBytes(random: KeyringSecrets.keyCount),
            // There is no duress slot: its records go to somebody who does not exist.
            otherRecipient: HybridIdentity().recipient.publicKey,
            recoveryRecipient: recovery.recipient.publicKey
        )
        var keyring = Keyring(work: work)
        try keyring.seal(secrets, passphrase: passphrase)
        try files.make(path)
        try files.make(layout.cases)
        try layout.objects.create()
        try layout.deposits.create()
        let signer = try VaultLog.signer(seed: secrets.logSeed)
        try VaultLog.create(at: layout.log, signer: signer, files: files)
        let key = Array((signer.verifier.encoded + "\n").utf8)
        try files.replace(layout.logKey, with: key, mode: 0o644)
        try files.replace(layout.format, with: HomeLayout.format, mode: 0o644)
        // The home exists from here on; a run that was interrupted before is run again.
        try files.replace(layout.keyring, with: keyring.bytes)
        return Created(
            home: try Home(layout: layout, secrets: secrets),
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

    /// Seals the slot of a passphrase under a new one; the other slot stays as it is.
    ///
    /// - Throws: As ``open(at:passphrase:least:files:)``.
    package static func changePassphrase(
        at path: BytePath,
        from old: borrowing SecretBytes,
        to new: borrowing SecretBytes,
        least: Keyring.Work = .standard,
        files: any FileSystem = LocalFileSystem(isDiscreet: true)
    ) throws {
        let layout = HomeLayout(path, files: files)
        try layout.check()
        // Two changes at once would each replace what the other wrote.
        let lock = try files.lock(layout.lock, waiting: true)
        defer { withExtendedLifetime(lock) {} }
        var keyring = try readKeyring(layout)
        let secrets = try keyring.open(passphrase: old, least: least)
        try keyring.seal(secrets, passphrase: new)
        try files.replace(layout.keyring, with: keyring.bytes)
    }

    private static func readKeyring(_ layout: HomeLayout) throws -> Keyring {
        try layout.check()
        do {
            return try Keyring(
                parsing: Directory.contents(of: layout.keyring, countMax: 2 * Keyring.byteCount)
            )
        } catch let failure as FileFailure where failure.isMissing {
            throw VaultError.keyringDamaged
        }
    }

    // MARK: Cases

    /// Makes a case and its records.
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
        let item = try Case(
            name: name,
            profile: profile,
            isWriteOnly: isWriteOnly,
            isClassic: isClassic,
            createdAt: now
        )
        // Under duress the person at the keyboard gets no read key, and the owner does.
        let isOwner = secrets.role == .owner
        var records: [[UInt8]] = [[], []]
        records[secrets.slot] = try CaseRecord.seal(
            item,
            hasReadKey: isOwner && !isWriteOnly,
            to: identity.recipient
        )
        records[1 - secrets.slot] = try CaseRecord.seal(
            item,
            hasReadKey: !isOwner && !isWriteOnly,
            to: HybridRecipient(publicKey: secrets.otherRecipient)
        )
        let recovery = try CaseRecord.seal(
            item,
            hasReadKey: true,
            to: HybridRecipient(publicKey: secrets.recoveryRecipient)
        )
        // All records appear together, by the rename of their directory.
        let temporary = layout.cases.appending(".new-" + item.pseudonymText)
        let files = layout.files
        try files.make(temporary)
        for (name, bytes) in [
            ("slot0.age", records[0]), ("slot1.age", records[1]), ("recovery.age", recovery),
        ] {
            try files.replace(temporary.appending(name), with: bytes)
        }
        let directory = layout.cases.appending(item.pseudonymText + ".1")
        try files.rename(temporary, to: directory)
        return try read(item.pseudonymText)
    }

    /// All cases, the oldest first.
    ///
    /// - Throws: ``VaultError/caseRecordDamaged(pseudonym:)``, ``FileFailure``.
    package func cases() throws -> [Case] {
        var cases: [Case] = []
        for name in try Directory.names(in: layout.cases) {
            let text = String(decoding: name, as: UTF8.self)
            guard text.hasSuffix(".1"), !text.hasPrefix(".") else { continue }
            cases.append(try read(String(text.dropLast(2))))
        }
        return cases.sorted { ($0.createdAt, $0.pseudonymText) < ($1.createdAt, $1.pseudonymText) }
    }

    /// The case of a name or pseudonym.
    ///
    /// - Throws: ``VaultError/caseMissing(_:)``, and as ``cases()``.
    package func findCase(_ name: String) throws -> Case {
        let cases = try cases()
        guard
            let item = cases.first(where: { $0.name == name })
                ?? cases.first(where: { $0.pseudonymText == name })
        else { throw VaultError.caseMissing(name) }
        return item
    }

    private func read(_ pseudonym: String) throws -> Case {
        let directory = layout.cases.appending(pseudonym + ".1")
        let record = directory.appending("slot\(secrets.slot).age")
        let countMax = CaseRecord.sealedCountMax
        guard let sealed = try Directory.contentsIfPresent(of: record, countMax: countMax) else {
            throw VaultError.caseRecordDamaged(pseudonym: pseudonym)
        }
        return try CaseRecord.open(sealed, identity: identity, pseudonym: pseudonym)
    }
}
