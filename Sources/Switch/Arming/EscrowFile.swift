// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
internal import BulkCrypto
internal import Sodium

/// `escrow.age`: a case's identity behind two locks.
///
/// `age→outer( age→successors( identity file ) )`. The outer lock opens with what k trustees'
/// shares give, the inner one with any successor's key.
///
/// Spec: `docs/spec/switch.md`, section 7.
package struct EscrowFile: Equatable, Sendable {
    /// The longest file; an honest one has a few kilobytes a successor.
    package static let byteCountMax = 256 << 10

    /// The age file.
    package let bytes: [UInt8]

    /// Takes a file as it is.
    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// SHA-256 of the file.
    package var digest: [UInt8] { SHA256.hash(bytes) }

    /// Seals an identity.
    ///
    /// - Parameters:
    ///   - caseIdentity: `AGE-SECRET-KEY-…`.
    ///   - comment: What a person should read above it: the case's pseudonym.
    ///   - legacy: Lines that go behind the identity.
    ///   - outer: The recipient whose identity the trustees hold.
    ///   - successors: One or more recipients of the same kind.
    /// - Returns: The file.
    /// - Throws: `AgeError`.
    static func seal(
        caseIdentity: borrowing SecretBytes,
        comment: String,
        legacy: [UInt8] = [],
        outer: String,
        successors: [String]
    ) throws -> EscrowFile {
        var recipients: [any AgeRecipient] = []
        for successor in successors { recipients.append(try RecipientFile.recipient(successor)) }
        var text = Array("# \(comment)\n".utf8) + caseIdentity.reveal() + [0x0a] + legacy
        defer { wipe(&text) }
        let inner = try AgeEncryptor(recipients: recipients).seal(text)
        let lock = try AgeEncryptor(recipients: [RecipientFile.recipient(outer)])
        return EscrowFile(bytes: try lock.seal(inner))
    }

    /// Opens the outer lock.
    ///
    /// - Returns: The inner age file, still locked to the successors.
    /// - Throws: `AgeError`.
    func openOuter(_ outer: any AgeIdentity) throws -> [UInt8] {
        try AgeDecryptor(identities: [outer], armor: .refused).open(bytes)
    }

    /// Opens both locks.
    ///
    /// - Returns: The identity file inside.
    /// - Throws: `AgeError`; ``SwitchError/notASuccessor`` when none of `successors` fits the
    ///   inner lock.
    func open(
        outer: any AgeIdentity,
        successors: [any AgeIdentity]
    ) throws -> SecretBytes {
        let inner = try openOuter(outer)
        do {
            var text = try AgeDecryptor(identities: successors, armor: .refused).open(inner)
            return SecretBytes(wiping: &text)
        } catch AgeError.noIdentityMatched {
            throw SwitchError.notASuccessor
        }
    }
}
