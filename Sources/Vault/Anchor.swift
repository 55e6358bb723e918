// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import TransparencyLog

/// Something that was kept elsewhere, and that the log has to agree with.
///
/// A store that was set back as a whole agrees with itself. What shows it is a receipt or a
/// checkpoint that whoever set it back could not reach.
///
/// Spec: `docs/spec/vault.md`, section 7.
package enum Anchor: Equatable, Sendable {
    /// A receipt of this vault.
    case receipt(Receipt)
    /// A signed checkpoint of its log.
    case checkpoint(SignedNote)

    /// What an anchor says of a log.
    enum Finding: Equatable {
        case agrees, contradicts
        /// It is of another log, or proves nothing.
        case foreign
    }

    /// Reads a receipt or a signed checkpoint; nothing is verified.
    ///
    /// - Throws: ``VaultError/malformedReceipt(line:)``, ``VaultError/malformedAnchor``.
    package init(parsing bytes: [UInt8]) throws {
        if bytes.starts(with: Array("resguardo-receipt/".utf8)) {
            self = .receipt(try Receipt(parsing: bytes))
            return
        }
        // Whatever is wrong with it, it is no checkpoint.
        guard let note = try? SignedNote(parsing: bytes),
            (try? Checkpoint(parsing: note.text)) != nil
        else { throw VaultError.malformedAnchor }
        self = .checkpoint(note)
    }

    /// Compares with a log as it is now.
    func compare(with log: borrowing VaultLog, key: NoteVerifier) -> Finding {
        let checkpoint: Checkpoint?
        switch self {
        case .receipt(let receipt):
            checkpoint = try? receipt.verify(log: key).checkpoint
        case .checkpoint(let note):
            checkpoint = try? Checkpoint.open(note, log: key)
        }
        guard let checkpoint else { return .foreign }
        guard checkpoint.size <= log.size, let root = try? log.root(size: checkpoint.size),
            root == checkpoint.root
        else { return .contradicts }
        return .agrees
    }
}
