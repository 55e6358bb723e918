// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Escrow
package import Sodium
package import Statements

extension TrusteeAcceptance {
    /// The answer to an invitation of a trustee who has these keys.
    ///
    /// Spec: `docs/spec/switch.md`, section 3.2.
    ///
    /// - Parameters:
    ///   - invitation: The owner's.
    ///   - jurisdiction: Where the trustee lives.
    ///   - signer: Signs the answer and all that the trustee says.
    ///   - secret: The trustee's escrow key.
    /// - Returns: The signed answer.
    /// - Throws: `StatementError` for a file that is no invitation; ``SwitchError`` for origins
    ///   that are none; `AgeError`.
    package static func answer(
        _ invitation: Envelope,
        from jurisdiction: Jurisdiction,
        signer: borrowing Ed25519.SecretKey,
        secret: borrowing TrusteeSecret
    ) throws -> Envelope {
        let asked = try invitation.read(SwitchInvitation.self)
        let scope = try VerifiedArming.scope(
            of: asked.epoch,
            owner: asked.owner.bytes,
            origins: asked.origins
        )
        let enrolment = secret.enrolment(in: scope)
        return try TrusteeAcceptance(
            epoch: asked.epoch,
            invitation: invitation.digest,
            signingKey: signer.publicKey,
            escrowKey: enrolment.key.bytes,
            proof: enrolment.possession.bytes,
            recipient: try BriefingKey(signer: signer).recipient,
            jurisdiction: jurisdiction
        ).signed(by: signer)
    }
}
