// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Statements
internal import Storage
internal import TransparencyLog

/// Evidence of time: checkpoints that are kept, and what outside authorities say of them.
///
/// Spec: `docs/spec/vault.md`, section 10.
extension VaultStore {
    /// What a statement binds to show that it was made later.
    struct After {
        let checkpoint: [UInt8]?
        let token: [UInt8]?
    }

    /// The kept checkpoints.
    package var checkpoints: CheckpointArchive {
        CheckpointArchive(directory: layout.checkpoints, log: logKey, files: layout.files)
    }

    /// What a statement of this day binds: the newest kept checkpoint and the newest answer.
    ///
    /// The first deposit of a day keeps the last checkpoint of the day before. Which day it is the
    /// device says; a wrong clock keeps other checkpoints, and none of them comes from the future.
    ///
    /// - Parameter date: The day by the device's clock.
    /// - Returns: Digests, nil where there is nothing to bind.
    /// - Throws: ``FileFailure``, ``VaultError``.
    func after(date: String) throws -> After {
        let lock = try layout.files.lock(layout.lock, waiting: true)
        defer { withExtendedLifetime(lock) {} }
        let log = try log()
        // A damaged statement must not stop anybody from depositing; the audit names it.
        if log.size > 0, (try? record(log.size - 1, in: log))?.statement.date != date {
            try checkpoints.keep(current(log))
        }
        return After(
            checkpoint: try checkpoints.newest()?.digest,
            token: try checkpoints.newestToken()?.digest
        )
    }

    /// The log's newest checkpoint, as bytes.
    ///
    /// - Throws: ``VaultError/logDamaged``, ``FileFailure``.
    package func currentCheckpoint() throws -> KeptCheckpoint { try current(log()) }

    private func current(_ log: VaultLog) throws -> KeptCheckpoint {
        do {
            return try KeptCheckpoint(log.note.encoded, log: logKey)
        } catch is TransparencyLogError {
            throw VaultError.logDamaged
        }
    }

    /// Keeps the answer of an authority about a checkpoint of this log.
    ///
    /// - Throws: ``FileFailure``.
    package func keep(_ token: KeptCheckpoint.Token, over kept: KeptCheckpoint) throws {
        let lock = try layout.files.lock(layout.lock, waiting: true)
        defer { withExtendedLifetime(lock) {} }
        try checkpoints.keep(token, over: kept)
    }

    /// The receipt of an entry under a kept checkpoint that covers it.
    ///
    /// - Throws: As ``receipt(index:)``.
    package func receipt(index: UInt64, under kept: KeptCheckpoint) throws -> Receipt {
        precondition(kept.checkpoint.size > index, "a checkpoint that covers the entry")
        let log = try log()
        let record = try record(index, in: log)
        let receipt = Receipt(
            log: logKey,
            salt: record.salt,
            envelope: record.envelope,
            proof: TlogProof(
                index: index,
                hashes: try log.inclusionProof(of: index, size: kept.checkpoint.size),
                note: kept.note
            )
        )
        // An older tree is proven from tiles that nothing has checked yet.
        guard (try? receipt.verify(log: logKey)) != nil else { throw VaultError.logDamaged }
        return receipt
    }
}

/// The part of an audit that is about time.
struct TimeAudit {
    private var digests: Set<[UInt8]> = []

    /// Reads what is kept, and compares it with the log.
    ///
    /// - Parameters:
    ///   - store: The store.
    ///   - log: Its log, audited.
    ///   - roots: Certificates that answers have to lead to; nil takes those kept with them.
    ///   - report: Gets what is wrong.
    /// - Throws: ``FileFailure``.
    init(
        _ store: VaultStore,
        _ log: borrowing VaultLog,
        roots: [UInt8]?,
        _ report: inout AuditReport
    ) throws {
        let (kept, damaged) = try store.checkpoints.all()
        for name in damaged { report.problems.append(.checkpoint(name)) }
        for checkpoint in kept {
            let size = checkpoint.checkpoint.size
            let root = size <= log.size ? try? log.root(size: size) : nil
            let isOurs = root == checkpoint.checkpoint.root
            if !isOurs { report.problems.append(.checkpointContradicted(size: size)) }
            digests.insert(checkpoint.digest)
            for token in checkpoint.tokens {
                digests.insert(token.digest)
                if (try? checkpoint.verify(token, roots: roots)) != nil {
                    report.timestampCount += 1
                } else {
                    report.problems.append(.timestamp(size: size))
                }
            }
        }
    }

    /// Looks for what a statement binds.
    func check(_ statement: DepositStatement, index: UInt64, _ report: inout AuditReport) {
        let bound = [statement.afterCheckpoint, statement.afterToken].compactMap { $0 }
        guard !bound.allSatisfy(digests.contains) else { return }
        report.problems.append(.boundMissing(index: index))
    }
}
