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
        /// The index says something else than the statement of an entry.
        case index(index: UInt64)
        /// A receipt names an entry that this log does not have, or has otherwise.
        case anchor(Int)
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
    ///   - anchors: Receipts kept elsewhere: what the log has to agree with.
    ///   - progress: Called with the bytes of objects read so far; throws to stop.
    /// - Returns: The findings; an empty list of problems is a clean store.
    /// - Throws: ``FileFailure`` for what cannot be read at all, what `progress` throws.
    /// - Complexity: Linear in entries, and in bytes if full.
    package func audit(
        casePseudonym pseudonym: [UInt8]? = nil,
        isFull: Bool,
        anchors: [Receipt] = [],
        progress: (UInt64) throws -> Void = { _ in }
    ) throws -> AuditReport {
        var report = AuditReport()
        guard let log = auditLog(&report) else { return report }
        report.entryCount = log.size
        let pending = try readPending()
        var known: Set<String> = []
        for index in 0..<log.size {
            let record: DepositRecord
            do {
                record = try self.record(index, in: log)
            } catch is VaultError {
                report.problems.append(.statement(index: index))
                continue
            }
            let name = Hex.encode(record.statement.ciphertextRoot)
            known.insert(name)
            if let pseudonym, pseudonym != record.statement.casePseudonym { continue }
            report.auditedCount += 1
            try audit(record, index: index, isFull: isFull, &report, progress)
        }
        if layout.deposits.contains(log.size) {
            report.problems.append(.logSetBack(index: log.size))
        }
        try auditStrangers(known: known, pending: pending, &report)
        auditIndex(log, &report)
        for (number, anchor) in anchors.enumerated() {
            report.anchorCount += 1
            if !holds(anchor, log) { report.problems.append(.anchor(number)) }
        }
        return report
    }

    private func auditLog(_ report: inout AuditReport) -> VaultLog? {
        do {
            let log = try log()
            try log.audit()
            return log
        } catch let failure as FileFailure {
            report.problems.append(.log(failure.path))
        } catch {
            report.problems.append(.log(nil))
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
        var root = CiphertextRoot()
        while true {
            let bytes: [UInt8]
            do {
                bytes = try file.read(CiphertextRoot.pieceCount)
            } catch {
                // A sector that cannot be read is the rot that an audit is for.
                report.problems.append(.objectChanged(index: index, object: name))
                return
            }
            if bytes.isEmpty { break }
            root.update(bytes.span)
            report.readBytes += UInt64(bytes.count)
            try progress(report.readBytes)
        }
        if root.finish() != record.statement.ciphertextRoot {
            report.problems.append(.objectChanged(index: index, object: name))
        }
    }

    private func auditStrangers(
        known: Set<String>,
        pending: DepositRecord?,
        _ report: inout AuditReport
    ) throws {
        let pendingName = pending.map { Hex.encode($0.statement.ciphertextRoot) }
        if let pendingName, !known.contains(pendingName) { report.interruptedCount += 1 }
        let found = try layout.objects.list()
        for name in found.names where !known.contains(name) && name != pendingName {
            report.problems.append(.objectUnknown(name))
        }
        for path in found.strangers {
            report.problems.append(.objectUnknown(path.text))
        }
        let incoming = try Directory.names(in: layout.objects.incoming)
        report.interruptedCount += incoming.count { $0.suffix(5).elementsEqual(".part".utf8) }
    }

    /// The index may be missing or behind; what it says has to be true.
    private func auditIndex(_ log: borrowing VaultLog, _ report: inout AuditReport) {
        guard FileStatus.exists(layout.index) else { return }
        do {
            let index = try ItemIndex.open(layout.index)
            let count = min(try index.count(), log.size)
            for number in 0..<count {
                let record = try record(number, in: log)
                if try index.row(number) != Self.row(record) {
                    report.problems.append(.index(index: number))
                }
            }
            if try index.count() > log.size { report.problems.append(.index(index: log.size)) }
        } catch is VaultError {
            // The statement is the problem, and was named already.
        } catch {
            report.problems.append(.index(index: 0))
        }
    }

    /// Whether the log still has what a receipt proves.
    private func holds(_ receipt: Receipt, _ log: borrowing VaultLog) -> Bool {
        guard let proven = try? receipt.verify(log: logKey).checkpoint, proven.size <= log.size,
            let root = try? log.root(size: proven.size)
        else { return false }
        return root == proven.root
    }
}
