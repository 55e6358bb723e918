// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import TimeStamping
package import TransparencyLog

/// Something that was kept elsewhere, and that the log has to agree with.
///
/// A store that was set back as a whole agrees with itself. What shows it is a receipt or a
/// checkpoint that whoever set it back could not reach.
///
/// Spec: `docs/spec/vault.md`, section 7.
package enum Anchor: Equatable, Sendable {
    /// A receipt of this vault, or a node's of something in it.
    case receipt(Receipt)
    /// A signed checkpoint of its log.
    case checkpoint(SignedNote)
    /// What a time-stamping authority answered about one.
    case timestamp(TimestampResponse)

    /// What an anchor says of a log.
    enum Finding: Equatable {
        case agrees
        /// It knows more entries than the log has. Whether the log went another way since it was
        /// set back cannot be told, unless an entry that both have differs.
        case isAhead
        /// The log's key signed both, and one is not the beginning of the other.
        case forks
        /// It is of another log, or proves nothing.
        case foreign
        /// A node has an entry that the log does not have: it was set back, or never had it.
        case absent
        /// It is about a checkpoint that nobody has.
        case unknown
    }

    var isTimestamp: Bool { if case .timestamp = self { true } else { false } }

    /// The signed checkpoint in it; nil in a time stamp, which has its digest alone.
    var note: SignedNote? {
        switch self {
        case .receipt(let receipt): receipt.proof.note
        case .checkpoint(let note): note
        case .timestamp: nil
        }
    }

    /// Reads a receipt, a signed checkpoint or a time stamp; nothing is verified.
    ///
    /// - Throws: ``VaultError/malformedReceipt(line:)``, ``VaultError/malformedAnchor``.
    package init(parsing bytes: [UInt8]) throws {
        if bytes.starts(with: Array("resguardo-receipt/".utf8)) {
            self = .receipt(try Receipt(parsing: bytes))
            return
        }
        // Whatever is wrong with it, it is no checkpoint.
        if let note = try? SignedNote(parsing: bytes),
            (try? Checkpoint(parsing: note.text)) != nil
        {
            self = .checkpoint(note)
            return
        }
        // DER begins with a SEQUENCE.
        guard bytes.first == 0x30, let response = try? TimestampResponse(bytes) else {
            throw VaultError.malformedAnchor
        }
        self = .timestamp(response)
    }

    /// Compares with a log as it is now.
    ///
    /// - Parameters:
    ///   - log: The log.
    ///   - key: Its key.
    ///   - known: The checkpoints that a time stamp may be about.
    ///   - roots: Certificates that a time stamp has to lead to; nil takes those that it brought.
    /// - Returns: What it says.
    func compare(
        with log: borrowing VaultLog,
        key: NoteVerifier,
        known: [KeptCheckpoint],
        roots: [UInt8]?
    ) -> Finding {
        switch self {
        case .receipt(let receipt):
            if receipt.log != key { return Self.compare(receipt, ofNodeWith: log) }
            guard let checkpoint = try? receipt.verify(log: key).checkpoint else {
                return .foreign
            }
            let index = receipt.proof.index
            // The entry itself may be in reach where the whole tree is not.
            if index < log.size, let leaf = try? log.leaf(index), leaf != receipt.leaf {
                return .forks
            }
            return Self.compare(checkpoint, with: log)
        case .checkpoint(let note):
            guard let checkpoint = try? Checkpoint.open(note, log: key) else { return .foreign }
            return Self.compare(checkpoint, with: log)
        case .timestamp(let response):
            for checkpoint in known {
                do throws(TimestampError) {
                    _ = try response.verify(digest: checkpoint.digest, roots: roots)
                } catch .otherData {
                    continue
                } catch {
                    return .foreign
                }
                return Self.compare(checkpoint.checkpoint, with: log)
            }
            return .unknown
        }
    }

    /// A node gives receipts in a log of its own; its entry is the vault's, byte for byte.
    private static func compare(
        _ receipt: Receipt,
        ofNodeWith log: borrowing VaultLog
    ) -> Finding {
        guard (try? receipt.verify()) != nil,
            let leaves = try? log.leaves(0..<log.size)
        else { return .foreign }
        return leaves.contains(receipt.leaf) ? .agrees : .absent
    }

    private static func compare(
        _ checkpoint: Checkpoint,
        with log: borrowing VaultLog
    ) -> Finding {
        guard checkpoint.size <= log.size else { return .isAhead }
        guard let root = try? log.root(size: checkpoint.size), root == checkpoint.root else {
            return .forks
        }
        return .agrees
    }
}
