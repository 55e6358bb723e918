// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Statements
package import Storage
internal import TransparencyLog

/// What an audit of a store found.
package struct AuditReport: Equatable, Sendable {
    /// Something that is not as the log says.
    package enum Problem: Equatable, Sendable {
        /// The log's tiles or checkpoint are missing, cut or changed; which file, if one is known.
        case log(BytePath?)
        /// The statement of an entry is missing or is not the one that the log has.
        case statement(index: UInt64)
        /// The object of an entry is missing.
        case objectMissing(index: UInt64, object: String)
        /// The object of an entry has another length, or other bytes.
        case objectChanged(index: UInt64, object: String)
        /// An object belongs to no entry of the log: it was put there, or the log was set back.
        case objectUnknown(String)
        /// There are more statements than the log has entries: the log was set back.
        case logSetBack(index: UInt64)
        /// A file of the home is missing or changed; its path below the home.
        case file(String)
        /// Something lies in the home that is no part of it; its path below the home.
        case stranger(String)
        /// The keyring is damaged.
        case keyring
        /// The index says something else than the statement of an entry.
        case index(index: UInt64)
        /// The index is no sound database, or its tables or triggers were changed.
        case indexAltered
        /// A kept checkpoint, or an answer about it, is missing or not what its name says.
        case checkpoint(String)
        /// A kept checkpoint is of a longer log, or of another one: the log was set back.
        case checkpointContradicted(size: UInt64)
        /// The answer of a time-stamping authority does not verify.
        case timestamp(size: UInt64)
        /// A statement binds a checkpoint or an answer that is not kept.
        case boundMissing(index: UInt64)
        /// A receipt in the home is of a longer log; its path below the home.
        case receiptAhead(String)
        /// A receipt in the home and the log are two histories of one log; its path.
        case receiptFork(String)
        /// The log has fewer entries than an anchor saw: it was set back.
        case anchor(Int)
        /// A node gave a receipt for something that the log does not have.
        case anchorAbsent(Int)
        /// The same, of a receipt that the home keeps; its path.
        case nodeReceiptAbsent(String)
        /// The log and an anchor are two histories of one log.
        case anchorFork(Int)
        /// A time stamp is about a checkpoint that is neither kept nor given.
        case anchorUnknown(Int)
        /// An anchor is of another log, or proves nothing.
        case anchorForeign(Int)
    }

    /// Entries in the log.
    package var entryCount: UInt64 = 0
    /// Entries that were audited; fewer when only one case was asked for.
    package var auditedCount = 0
    /// Bytes of objects that were read and hashed.
    package var readBytes: UInt64 = 0
    /// Everything that is wrong, in the order it was found.
    package var problems: [Problem] = []
    /// Runs that were interrupted, and left something that is no evidence.
    package var interruptedCount = 0
    /// Items without a receipt in the home, which can be made again.
    package var receiptsMissingCount = 0
    /// Answers of time-stamping authorities that verify.
    package var timestampCount = 0
    /// Anchors kept elsewhere that the log was compared with.
    package var anchorCount = 0
}

extension VaultStore {
    /// Audits the store against its log, which needs no passphrase.
    ///
    /// The log's tiles are hashed up to the signed checkpoint; each entry's statement is compared
    /// with its leaf and its signature verified; each object is there with the stated length and,
    /// if asked for, hashed whole; no object and no statement is there without an entry.
    ///
    /// - Parameters:
    ///   - pseudonym: Audits the entries of one case only.
    ///   - isFull: Whether objects are read and hashed.
    ///   - anchors: What was kept elsewhere, and the log has to agree with.
    ///   - timestampRoots: Certificates that the answers of time-stamping authorities have to lead
    ///     to; nil takes those that were kept with them.
    ///   - progress: Called with the bytes of objects read so far; throws to stop.
    /// - Returns: The findings; an empty list of problems is a clean store.
    /// - Throws: ``FileFailure`` for what cannot be read at all,
    ///   ``VaultError/tooManyEntries(limit:)``, what `progress` throws.
    /// - Complexity: Linear in entries, and in bytes if full.
    package func audit(
        casePseudonym pseudonym: [UInt8]? = nil,
        isFull: Bool,
        anchors: [Anchor] = [],
        timestampRoots: [UInt8]? = nil,
        progress: (UInt64) throws -> Void = { _ in }
    ) throws -> AuditReport {
        var report = AuditReport()
        try auditKeyring(&report)
        try auditRecords(&report)
        // Nobody deposits between the look at the log and the look at what lies beside it. Whoever
        // may not take the lock, an operator or a mount that is read-only, looks all the same.
        var lock = try? layout.files.lock(layout.lock, waiting: true)
        guard let log = try auditLog(&report) else { return report }
        let sight = try Sight(of: self)
        withExtendedLifetime(lock) {}
        lock = nil
        report.entryCount = log.size
        let time = try TimeAudit(self, log, roots: timestampRoots, &report)
        var known: Set<String> = []
        for index in 0..<log.size {
            let record: DepositRecord
            do {
                record = try self.record(index, in: log)
            } catch is VaultError {
                report.problems.append(.statement(index: index))
                continue
            } catch let failure as FileFailure where failure.isDamage {
                report.problems.append(.statement(index: index))
                continue
            }
            let name = Hex.encode(record.statement.ciphertextRoot)
            known.insert(name)
            if let pseudonym, pseudonym != record.statement.casePseudonym { continue }
            report.auditedCount += 1
            time.check(record.statement, index: index, &report)
            try audit(record, index: index, isFull: isFull, &report, progress)
        }
        auditStrangers(known: known, sight, entryCount: log.size, &report)
        try auditReceipts(items: known, log, &report)
        try auditNodeReceipts(log, &report)
        try auditPlaces(&report)
        try auditColleagues(isFull: isFull, &report, progress)
        auditIndex(log, sight, &report)
        try auditAnchors(anchors, log, roots: timestampRoots, &report)
        return report
    }

    func auditLog(_ report: inout AuditReport) throws -> VaultLog? {
        do {
            let log = try log()
            try log.audit()
            return log
        } catch VaultError.tooManyEntries(let limit) {
            throw VaultError.tooManyEntries(limit: limit)
        } catch let failure as FileFailure {
            report.problems.append(.log(failure.path))
        } catch {
            // What is read before any tile is the checkpoint.
            let checkpoint = layout.log.appending(TiledLogReader.checkpointName)
            report.problems.append(.log(checkpoint))
        }
        return nil
    }

    private func audit(
        _ record: DepositRecord,
        index: UInt64,
        isFull: Bool,
        _ report: inout AuditReport,
        _ progress: (UInt64) throws -> Void
    ) throws {
        let name = Hex.encode(record.statement.ciphertextRoot)
        guard let file = try layout.objects.openIfPresent(name) else {
            report.problems.append(.objectMissing(index: index, object: name))
            return
        }
        guard try file.status().kind == .file,
            try file.status().sizeBytes == record.statement.sizeBytes
        else {
            report.problems.append(.objectChanged(index: index, object: name))
            return
        }
        guard isFull else { return }
        if try root(of: file, &report, progress) != record.statement.ciphertextRoot {
            report.problems.append(.objectChanged(index: index, object: name))
        }
    }

    /// The root of an object's bytes; nil where they cannot all be read.
    func root(
        of file: borrowing OpenedFile,
        _ report: inout AuditReport,
        _ progress: (UInt64) throws -> Void
    ) throws -> [UInt8]? {
        var root = CiphertextRoot()
        while true {
            // A sector that cannot be read is the rot that an audit is for.
            guard let bytes = try? file.read(CiphertextRoot.pieceCount) else { return nil }
            if bytes.isEmpty { return root.finish() }
            root.update(bytes.span)
            report.readBytes += UInt64(bytes.count)
            try progress(report.readBytes)
        }
    }
}
