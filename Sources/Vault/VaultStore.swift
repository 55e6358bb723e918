// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import Statements
package import Storage
package import TransparencyLog

/// Objects, statements and log of a home: everything that works without a passphrase.
package struct VaultStore: Sendable {
    /// Where things lie.
    package let layout: HomeLayout
    /// The public key of the log.
    package let logKey: NoteVerifier

    /// The store of a home.
    ///
    /// - Throws: ``VaultError/homeMissing(_:)``, ``VaultError/keyringTooNew``,
    ///   ``VaultError/logDamaged``, ``FileFailure``.
    package init(layout: HomeLayout) throws {
        try layout.check()
        self.layout = layout
        do {
            let bytes = try Directory.contents(of: layout.logKey, countMax: 4096)
            let text = String(decoding: bytes, as: UTF8.self)
            logKey = try NoteVerifier(parsing: String(text.prefix { $0 != "\n" }))
            guard Array((logKey.encoded + "\n").utf8) == bytes else { throw VaultError.logDamaged }
        } catch let failure as FileFailure where !failure.isMissing {
            throw failure
        } catch {
            throw VaultError.logDamaged
        }
    }

    /// What colleagues deposited.
    package var colleagues: ColleagueStore { ColleagueStore(layout) }

    /// The log, for reading.
    package func log() throws -> VaultLog {
        try VaultLog.open(layout.log, verifier: logKey)
    }

    // MARK: Writing

    /// Gives a durable object its name and its entry in the log.
    ///
    /// - Returns: The entry.
    /// - Throws: ``FileFailure``; ``VaultError/logDamaged``, ``VaultError/tooManyEntries(limit:)``.
    ///   Whether the entry exists is then decided by the next run, from the log.
    func accept(
        _ object: consuming IncomingObject,
        record: DepositRecord,
        signer: NoteSigner
    ) throws -> UInt64 {
        let lock = try layout.files.lock(layout.lock, waiting: true)
        defer { withExtendedLifetime(lock) {} }
        try recoverLocked(signer: signer)
        try log().requireRoom()
        let name = Hex.encode(record.statement.ciphertextRoot)
        try layout.files.replace(layout.pending, with: record.bytes)
        try layout.objects.place(object, as: name)
        let index = try VaultLog.append(
            record.entry,
            to: layout.log,
            signer: signer,
            files: layout.files
        )
        try layout.deposits.adopt(layout.pending, as: index)
        if FileStatus.exists(layout.immutableMark) { protect(name, index: index) }
        return index
    }

    /// Ends or undoes what a killed run left, and removes its temporary objects.
    ///
    /// - Throws: ``FileFailure``, ``VaultError/logDamaged``.
    func recover(signer: NoteSigner) throws {
        let lock = try layout.files.lock(layout.lock, waiting: true)
        defer { withExtendedLifetime(lock) {} }
        try recoverLocked(signer: signer)
        try layout.objects.removeAbandoned()
    }

    /// Decides what became of the pending statement; the lock is held, so there is at most one.
    ///
    /// The log decides: if its last entry is that statement, the deposit was accepted; otherwise it
    /// never happened.
    private func recoverLocked(signer: NoteSigner) throws {
        guard let pending = try readPending() else { return }
        let log = try VaultLog.open(layout.log, verifier: logKey)
        if log.size > 0, try log.leaf(log.size - 1) == pending.leaf {
            if layout.deposits.contains(log.size - 1) {
                try layout.files.remove(layout.pending)
            } else {
                try layout.deposits.adopt(layout.pending, as: log.size - 1)
            }
            return
        }
        let name = Hex.encode(pending.statement.ciphertextRoot)
        try layout.objects.removeUnsequenced(name)
        try layout.files.remove(layout.pending)
        try layout.files.syncDirectory(layout.objects.incoming)
    }

    /// The statement that a run noted before it was ended or killed.
    func readPending() throws -> DepositRecord? {
        let countMax = NumberedFiles.byteCountMax
        guard
            let bytes = try Directory.contentsIfPresent(of: layout.pending, countMax: countMax)
        else { return nil }
        do {
            return try DepositRecord(parsing: bytes)
        } catch {
            // It was written whole or not at all, so this is damage and no interruption.
            throw VaultError.logDamaged
        }
    }

    /// Has objects and statements marked as immutable from now on, where the system can do that.
    ///
    /// - Returns: Whether it can, here and by this person.
    /// - Throws: ``FileFailure``.
    package func requireImmutability() throws -> Bool {
        try layout.files.replace(layout.immutableMark, with: [])
        do {
            try Immutability.set(true, of: layout.immutableMark)
            return true
        } catch {
            // Read-only they are all the same.
            try layout.files.remove(layout.immutableMark)
            return false
        }
    }

    /// Marks what was accepted.
    ///
    /// Somebody who may not do so later deposits all the same.
    func protect(_ object: String, index: UInt64) {
        try? Immutability.set(true, of: layout.objects.path(of: object))
        try? Immutability.set(true, of: layout.deposits.path(of: index))
    }

    // MARK: Reading

    /// The statement of an entry, checked against the log.
    ///
    /// - Throws: ``VaultError/statementDamaged(index:)``, ``FileFailure``.
    package func record(_ index: UInt64, in log: borrowing VaultLog) throws -> DepositRecord {
        guard let bytes = try layout.deposits.contentsIfPresent(of: index) else {
            // Accepted, and the run was killed before the file had its number.
            guard let pending = try readPending(), try log.leaf(index) == pending.leaf else {
                throw VaultError.statementDamaged(index: index)
            }
            return pending
        }
        guard let record = try? DepositRecord(parsing: bytes), try log.leaf(index) == record.leaf
        else { throw VaultError.statementDamaged(index: index) }
        return record
    }

    /// The receipt of an entry, under the newest checkpoint.
    ///
    /// - Throws: As ``record(_:in:)``.
    package func receipt(index: UInt64) throws -> Receipt {
        let log = try log()
        let record = try record(index, in: log)
        return Receipt(
            log: logKey,
            salt: record.salt,
            envelope: record.envelope,
            proof: try log.proof(of: index)
        )
    }

    /// The index, brought up to the log; made anew if it is missing, damaged or of another log.
    ///
    /// - Throws: ``VaultError/statementDamaged(index:)``, ``FileFailure``, database errors.
    package func index() throws -> ItemIndex {
        do {
            return try broughtUp(ItemIndex.open(layout.index))
        } catch let failure as FileFailure where failure == .damaged(layout.index) {
            return try broughtUp(ItemIndex.replace(layout.index))
        }
    }

    private func broughtUp(_ found: ItemIndex) throws -> ItemIndex {
        let log = try log()
        let index = try found.count() > log.size ? ItemIndex.replace(layout.index) : found
        try index.append { range in try rows(range.clamped(to: 0..<log.size), in: log) }
        roundTime(of: layout.index)
        roundTime(of: layout.home)
        return index
    }

    /// Reads from the index; one whose damage shows only where it is read is made anew, once.
    ///
    /// - Parameter body: Called a second time then.
    /// - Returns: What it returns.
    /// - Throws: As ``index()``, what `body` throws.
    func fromIndex<R>(_ body: (ItemIndex) throws -> R) throws -> R {
        do {
            return try body(index())
        } catch let failure as FileFailure where failure == .damaged(layout.index) {
            _ = try ItemIndex.replace(layout.index)
            return try body(index())
        }
    }

    /// Rows for entries of the log, each compared with its leaf.
    ///
    /// Signatures are not checked again: what the log holds was signed when it was accepted, and an
    /// audit looks at all of them.
    private func rows(_ range: Range<UInt64>, in log: VaultLog) throws -> [ItemIndex.Row] {
        guard !range.isEmpty else { return [] }
        let entries = Array(zip(range, try log.leaves(range)))
        let deposits = layout.deposits
        let rows = entries.mapOnAllCores { entries in
            entries.map { index, leaf -> ItemIndex.Row? in
                // Whatever does not read is looked at again, by what knows why.
                guard let bytes = try? deposits.contentsIfPresent(of: index),
                    let record = try? DepositRecord(accepted: bytes), record.leaf == leaf
                else { return nil }
                return Self.row(record)
            }
        }
        return try zip(range, rows).map { index, row in
            try row ?? Self.row(record(index, in: log))
        }
    }

    /// SQLite writes past `files`, so the times that it leaves are rounded afterwards.
    private func roundTime(of path: BytePath) {
        guard let seconds = try? FileStatus(of: path).modifiedSeconds else { return }
        let hour = LocalFileSystem.rounded(seconds)
        // A store that cannot be written has not changed either.
        try? layout.files.setModified(path, seconds: hour, nanoseconds: 0)
    }

    /// What the index keeps of a statement.
    static func row(_ record: DepositRecord) -> ItemIndex.Row {
        ItemIndex.Row(
            object: Hex.encode(record.statement.ciphertextRoot),
            casePseudonym: Hex.encode(record.statement.casePseudonym),
            sizeBytes: record.statement.sizeBytes,
            date: record.statement.date,
            summary: record.summary
        )
    }
}
