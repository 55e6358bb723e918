// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
internal import BulkCrypto
internal import Escrow
internal import Sodium
internal import Statements

/// A recovery from end to end with throw-away keys: deal, open k shares, combine, open both locks,
/// and read a dummy item with the identity that comes out.
///
/// It shows on this very machine, before anything depends on it, that what arming does can be
/// undone by k trustees and a successor, and that k − 1 trustees give nothing.
///
/// Spec: `docs/spec/switch.md`, section 3.4.
struct Rehearsal {
    private static let item = Array("resguardo: a dummy item for the rehearsal\n".utf8)
    private static let origin = "resguardo.invalid/rehearsal"

    /// A trustee who exists for a second.
    private final class Dummy {
        let secret = TrusteeSecret()
    }

    let trusteeCount: Int
    let threshold: Int
    let suite: AgeSuite

    /// Runs it.
    ///
    /// - Throws: ``SwitchError/rehearsalFailed``.
    func run() throws(SwitchError) {
        do {
            guard try recovered() == Self.item else { throw SwitchError.rehearsalFailed }
        } catch {
            throw .rehearsalFailed
        }
    }

    private func recovered() throws -> [UInt8] {
        let owner = Ed25519.SecretKey()
        let scope = try EscrowScope(
            origins: [Self.origin],
            switchID: SwitchID(owner: owner.publicKey).bytes,
            ownerKey: owner.publicKey.bytes,
            epoch: 1
        )
        var trustees: [Dummy] = []
        var enrolments: [TrusteeEnrolment] = []
        for _ in 0..<trusteeCount {
            let trustee = Dummy()
            enrolments.append(trustee.secret.enrolment(in: scope))
            trustees.append(trustee)
        }
        let context = try EscrowContext(scope: scope, threshold: threshold, trustees: enrolments)
        let dealt = try Dealer.deal(in: context)
        let caseIdentity = try suite.identity(seed: SecretBytes(random: 32))
        let successor = try suite.identity(seed: SecretBytes(random: 32))
        let item = try AgeEncryptor(recipients: [RecipientFile.recipient(caseIdentity.recipient)])
            .seal(Self.item)
        let escrow = try EscrowFile.seal(
            caseIdentity: caseIdentity.text(),
            comment: "rehearsal",
            outer: suite.identity(seed: dealt.seed).recipient,
            successors: [successor.recipient]
        )
        var shares: [VerifiedShare] = []
        // The last k, so that indices above k are rehearsed too.
        for trustee in trustees.suffix(threshold) {
            let share = try trustee.secret.open(dealt.dealing)
            shares.append(try share.verified(in: dealt.dealing))
        }
        guard (try? dealt.dealing.combine(shares.dropLast())) == nil else { return [] }
        let outer = try suite.identity(seed: dealt.dealing.combine(shares))
        let file = try escrow.open(outer: outer.identity, successors: [successor.identity])
        let identities = try IdentityFile.identities(in: file)
        return try AgeDecryptor(identities: identities, armor: .refused).open(item)
    }
}
