// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Age
package import Escrow
package import Sodium
package import Statements

/// What comes back when k trustees and a successor stand together.
///
/// Spec: `docs/spec/switch.md`, section 8.
package struct Recovery: ~Copyable, Sendable {
    /// The identity that the shares give, `AGE-SECRET-KEY-…`: with it and a successor's key stock
    /// tools finish the job.
    package let outerIdentity: SecretBytes
    /// The case's identity file: comment lines and `AGE-SECRET-KEY-…`.
    package let caseIdentityFile: SecretBytes

    /// Combines the shares that are out and opens both locks.
    ///
    /// - Parameters:
    ///   - record: The switch as the log tells it.
    ///   - escrow: `escrow.age`, from anywhere.
    ///   - successors: Identities of the successor.
    ///   - further: Shares that came another way than through a log.
    /// - Throws: ``SwitchError/tooFewShares(needed:have:)``, ``SwitchError/escrowChanged``,
    ///   ``SwitchError/outerRecipientMismatch``, ``SwitchError/notASuccessor``,
    ///   ``SwitchError/caseRecipientMismatch``; `AgeError` for a file that is no age file.
    package init(
        of record: SwitchRecord,
        escrow: EscrowFile,
        successors: [any AgeIdentity],
        further: [TrusteeNumber: VerifiedShare] = [:]
    ) throws {
        let arming = record.arming.statement
        let shares = Array(record.shares.merging(further) { first, _ in first }.values)
        guard shares.count >= arming.threshold else {
            throw SwitchError.tooFewShares(needed: arming.threshold, have: shares.count)
        }
        guard escrow.digest == arming.escrowDigest else { throw SwitchError.escrowChanged }
        guard let suite = AgeSuite(recipient: arming.outerRecipient) else {
            throw SwitchError.armingInvalid(.recipients)
        }
        let outer = try suite.identity(seed: record.arming.dealing.combine(shares))
        guard outer.recipient == arming.outerRecipient else {
            throw SwitchError.outerRecipientMismatch
        }
        let file = try escrow.open(outer: outer.identity, successors: successors)
        guard try Self.holds(arming.caseRecipient, file) else {
            throw SwitchError.caseRecipientMismatch
        }
        outerIdentity = outer.text()
        caseIdentityFile = file
    }

    /// Whether the first identity of a file is that of `recipient`.
    private static func holds(
        _ recipient: String,
        _ file: borrowing SecretBytes
    ) throws -> Bool {
        switch try IdentityFile.identities(in: file).first {
        case let identity as HybridIdentity: identity.recipient.text == recipient
        case let identity as X25519Identity: identity.recipient.text == recipient
        default: false
        }
    }

    /// Trustees whose shares are still missing, in order.
    package static func missing(in record: SwitchRecord) -> [TrusteeNumber] {
        (1...record.arming.terms.trusteeCount).map { TrusteeNumber($0) }
            .filter { record.shares[$0] == nil }
    }
}
