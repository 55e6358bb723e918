// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Sodium
internal import Voprf

/// The node's side of invitations.
///
/// Spec: `docs/spec/node.md`, section 10; RFC 9497.
package final class InvitationIssuer: Sendable {
    /// Bytes in a seed.
    package static let seedCount = VoprfKey.seedCount
    private static let info = Array("resguardo/invitation/1".utf8)

    private let secret: VoprfKey

    /// The issuer of a seed.
    ///
    /// - Returns: Nil for a seed of another length.
    package init?(seed: borrowing SecretBytes) {
        guard let key = try? VoprfKey(seed: seed, info: Self.info) else { return nil }
        secret = key
    }

    /// What everybody has to know.
    package var key: InvitationKey { InvitationKey(secret.publicKey) }

    /// Answers a request whose code was found good.
    package func answer(_ request: InvitationRequest) -> InvitationAnswer? {
        guard let (evaluated, proof) = try? secret.evaluate(request.blinded) else { return nil }
        return InvitationAnswer(evaluated, proof)
    }

    /// Whether a ticket is an invitation of this node for a case.
    package func admits(_ ticket: InvitationTicket, _ claim: CaseClaim) -> Bool {
        guard let output = try? secret.output(of: ticket.input) else { return false }
        let expected = SecretBytes(copying: InvitationTicket.tag(output, claim))
        return expected.constantTimeEquals(SecretBytes(copying: ticket.tag))
    }
}
