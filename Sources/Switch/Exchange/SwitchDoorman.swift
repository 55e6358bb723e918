// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Escrow
internal import Sodium
package import Statements

/// Decides what a node takes as an entry of one switch.
///
/// A node is no authority: who reads the log checks everything again. This keeps out what nobody
/// could use: a room begins with an arming that verifies and names the node's log, and goes on with
/// statements of that switch, signed by its owner, a trustee, a sender or a successor.
///
/// Spec: `docs/spec/node.md`, section 12.
package struct SwitchDoorman: Sendable {
    /// Why something stays outside.
    package enum Refusal: String, Error, Sendable {
        /// No envelope, or no statement of a switch.
        case malformed
        /// The first statement has to be an arming.
        case notArmed
        /// The arming does not verify.
        case armingInvalid
        /// It names another log than this one.
        case otherPlace
        /// Of another switch than the first one.
        case otherSwitch
        /// Signed by nobody whom an arming names.
        case signature
        /// An arming has to bring the file that it names.
        case escrow
    }

    /// The name of the node's log.
    private let origin: String
    private var id: SwitchID?
    /// Whose statements are taken.
    private var signers: Set<Ed25519.PublicKey> = []
    /// SHA-256 of the escrow files that armings named.
    package private(set) var escrowDigests: Set<[UInt8]> = []
    /// What armings committed to: C_0…C_(k−1), by which badges are known.
    private var commitments: Set<[Element]> = []

    /// The doorman of a switch that nothing is known of yet.
    package init(origin: String) {
        self.origin = origin
    }

    /// Takes a statement, or says why not.
    ///
    /// - Parameters:
    ///   - envelope: The statement.
    ///   - hasEscrow: Whether the escrow file with a digest is there.
    /// - Throws: ``Refusal``; nothing has changed then.
    package mutating func admit(
        _ envelope: Envelope,
        hasEscrow: (_ digest: [UInt8]) -> Bool
    ) throws(Refusal) {
        guard let kind = try? envelope.kind(), kind.type.hasPrefix("switch-"),
            let text = (try? envelope.body())?["switch"]?.string
        else { throw .malformed }
        guard kind.type == SwitchArming.type else {
            guard let id else { throw .notArmed }
            guard text == id.text else { throw .otherSwitch }
            guard signers.contains(where: { envelope.isSigned(by: $0) }) else { throw .signature }
            return
        }
        guard let arming = try? VerifiedArming(envelope) else { throw .armingInvalid }
        let statement = arming.statement
        guard arming.policy.origins.contains(origin) else { throw .otherPlace }
        guard id == nil || id == statement.epoch.id else { throw .otherSwitch }
        guard hasEscrow(statement.escrowDigest) else { throw .escrow }
        id = statement.epoch.id
        signers.insert(statement.owner)
        signers.formUnion(statement.trustees.map(\.signingKey))
        signers.formUnion(statement.senders + statement.successors)
        escrowDigests.insert(statement.escrowDigest)
        commitments.insert(arming.dealing.dealing.commitments)
    }

    /// Whether a badge shows what an arming of this switch dealt.
    package func knows(_ badge: VerifiedBadge) -> Bool {
        commitments.contains(badge.dealing.dealing.commitments)
    }
}
