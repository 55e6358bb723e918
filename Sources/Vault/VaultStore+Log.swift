// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Statements
internal import Storage
package import TransparencyLog

/// What can be asked of the log without a passphrase.
extension VaultStore {
    /// Audits the log alone.
    ///
    /// - Returns: What is wrong with it; nil if it is whole.
    /// - Throws: ``VaultError/tooManyEntries(limit:)``.
    package func auditLog() throws -> AuditReport.Problem? {
        var report = AuditReport()
        _ = try auditLog(&report)
        return report.problems.first
    }

    /// The entry of an object, found by reading statements.
    ///
    /// - Parameter object: Its whole name, 64 hexadecimal digits.
    /// - Returns: The first entry that names it; nil if none does.
    /// - Throws: ``VaultError/statementDamaged(index:)``, ``VaultError/logDamaged``,
    ///   ``FileFailure``.
    /// - Complexity: O(n) in entries.
    package func entry(ofObject object: String) throws -> UInt64? {
        let log = try log()
        for index in 0..<log.size {
            let statement = try record(index, in: log).statement
            if Hex.encode(statement.ciphertextRoot) == object { return index }
        }
        return nil
    }
}

extension VaultLog {
    /// The proof that an entry is in the log as of its checkpoint, with the hash of its leaf.
    ///
    /// - Throws: ``VaultError/logDamaged``, ``FileFailure``.
    package func proofWithLeaf(of index: UInt64) throws -> TlogProof {
        let proof = try proof(of: index)
        return TlogProof(
            extra: try leaf(index).bytes,
            index: proof.index,
            hashes: proof.hashes,
            note: proof.note
        )
    }
}
