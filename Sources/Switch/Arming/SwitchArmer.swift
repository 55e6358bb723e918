// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
internal import Escrow
package import Sodium
package import Statements
package import TransparencyLog

/// Arms a switch: gathers who agreed, checks every rule, deals, seals, rehearses, and signs.
///
/// Spec: `docs/spec/switch.md`, section 3.4.
package struct SwitchArmer: Sendable {
    /// Something that is allowed and should still be said.
    package enum Warning: Equatable, Sendable {
        /// Fewer than two successors, or all in one country.
        case successorsTooFew
        /// This country's silence would block the path of k+1 trustees.
        case blocksEarlyPath(Jurisdiction)
    }

    /// What arming gives.
    package struct Armed: Sendable {
        /// The arming, to be appended to the logs.
        package let envelope: Envelope
        /// What each trustee is told, to be appended right after.
        package let briefings: [Envelope]
        /// The file that every node, trustee and successor holds.
        package let escrow: EscrowFile
        /// What strangers may see; nothing leads from it to the switch.
        package let badge: Envelope
        /// What should be said.
        package let warnings: [Warning]
    }

    private let epoch: SwitchEpoch
    private let invitation: SwitchInvitation
    private let threshold: Int
    private let acceptances: [TrusteeAcceptance]
    private let successors: [SuccessorCard]
    private let context: EscrowContext
    private let suite: AgeSuite
    private let caseRecipient: String

    /// Checks all that can be checked before anything is dealt.
    ///
    /// - Parameters:
    ///   - invitation: The invitation that the trustees answered, signed by the owner.
    ///   - acceptances: One a trustee, in the order of their indices.
    ///   - threshold: k.
    ///   - successors: Their cards.
    ///   - caseRecipient: The age recipient of the case.
    /// - Throws: ``SwitchError`` naming what is missing.
    package init(
        invitation: Envelope,
        acceptances: [Envelope],
        threshold: Int,
        successors: [Envelope],
        caseRecipient: String
    ) throws {
        let statement = try invitation.read(SwitchInvitation.self)
        guard invitation.isSigned(by: statement.owner) else { throw SwitchError.notTheOwner }
        guard
            SwitchTerms(
                profile: statement.profile,
                trusteeCount: acceptances.count,
                threshold: threshold
            ) != nil
        else {
            throw SwitchError.termsOutOfRange(trustees: acceptances.count, threshold: threshold)
        }
        guard let suite = AgeSuite(recipient: caseRecipient) else {
            throw SwitchError.caseIdentityMismatch
        }
        self.invitation = statement
        epoch = statement.epoch
        self.threshold = threshold
        self.caseRecipient = caseRecipient
        self.suite = suite
        let answers = try Self.read(acceptances, to: invitation, epoch: statement.epoch)
        self.acceptances = answers
        try JurisdictionRule(trusteeCount: answers.count, threshold: threshold)
            .check(answers.map(\.jurisdiction))
        self.successors = try Self.read(successors, suite: suite)
        context = try Self.context(of: answers, invitation: statement, threshold: threshold)
    }

    /// Deals a fresh secret, seals the case's identity, rehearses a recovery, and signs the arming.
    ///
    /// - Parameters:
    ///   - caseIdentity: `AGE-SECRET-KEY-…` of the case, or what stands in for it.
    ///   - isStandIn: Whether it does, since this keyring slot does not have the case's. Then
    ///     nothing that is signed shows the owner's token: to the trustees it is a sign of duress,
    ///     and void, and to everybody else an arming like any other.
    ///   - comment: What a person should read above it in the recovered file.
    ///   - legacy: Lines behind it, which let successors find the case.
    ///   - policy: Logs and witnesses, a C2SP tlog-policy.
    ///   - checkpoint: The newest cosigned checkpoint.
    ///   - senders: Who may sign reminders besides the trustees.
    ///   - words: The words of the first cycles, and which of them are read freely.
    ///   - owner: The owner key of this switch.
    ///   - token: 32 secret bytes of this keyring slot.
    /// - Returns: The arming and the file that it names.
    /// - Throws: ``SwitchError/caseIdentityMismatch``, ``SwitchError/rehearsalFailed``,
    ///   ``SwitchError/armingInvalid(_:)``; errors of the layers below.
    package func arm(
        caseIdentity: borrowing SecretBytes,
        isStandIn: Bool = false,
        comment: String,
        legacy: [UInt8] = [],
        policy: String,
        checkpoint: SignedNote,
        senders: [Ed25519.PublicKey] = [],
        words: WordsSheet.Choice? = nil,
        owner: borrowing Ed25519.SecretKey,
        token: borrowing SecretBytes
    ) throws -> Armed {
        guard owner.publicKey == invitation.owner else { throw SwitchError.notTheOwner }
        let recipient = try KnownIdentity(parsing: caseIdentity).recipient
        guard recipient == caseRecipient || isStandIn else {
            throw SwitchError.caseIdentityMismatch
        }
        // What opens nothing is never called clean.
        let random = SecretBytes(random: token.count)
        let mark = isStandIn ? random.copy() : token.copy()
        try Rehearsal(trusteeCount: acceptances.count, threshold: threshold, suite: suite).run()
        let entropy = SecretBytes(random: Dealer.entropyCount)
        let dealt = try Dealer.deal(in: context, entropy: entropy)
        let badge = try Self.badge(of: dealt.dealing, entropy: entropy)
        let outer = try suite.identity(seed: dealt.seed)
        let escrow = try EscrowFile.seal(
            caseIdentity: caseIdentity,
            comment: comment,
            legacy: legacy,
            outer: outer.recipient,
            successors: successors.map(\.recipient)
        )
        // The real file, as far as the owner alone can open it.
        _ = try escrow.openOuter(outer.identity)
        let statement = SwitchArming(
            epoch: epoch,
            owner: owner.publicKey,
            profile: invitation.profile,
            threshold: threshold,
            policy: policy,
            checkpoint: String(decoding: checkpoint.encoded, as: UTF8.self),
            trustees: acceptances.map {
                .init(signingKey: $0.signingKey, escrowKey: $0.escrowKey, proof: $0.proof)
            },
            dealing: dealt.dealing.dealing.bytes,
            escrowDigest: escrow.digest,
            outerRecipient: outer.recipient,
            caseRecipient: caseRecipient,
            senders: senders,
            successors: successors.map(\.signingKey),
            words: words?.rows(of: epoch.id) ?? [],
            token: mark
        )
        let envelope = try statement.signed(by: owner)
        // The check that everyone else will make, made first.
        _ = try VerifiedArming(Envelope(canonical: envelope.bytes))
        return Armed(
            envelope: envelope,
            briefings: try briefings(words: words, owner: owner, token: mark),
            escrow: escrow,
            badge: badge,
            warnings: warnings
        )
    }

    /// What each trustee is told: all the same, and none of it is kept here.
    private func briefings(
        words: WordsSheet.Choice?,
        owner: borrowing Ed25519.SecretKey,
        token: borrowing SecretBytes
    ) throws -> [Envelope] {
        let contents = BriefingContents(
            epoch: epoch,
            clean: token.reveal(),
            dayKey: randomBytes(BriefingContents.keyCount),
            order: words?.order(of: epoch.id) ?? WordsSheet.Choice.noOrder()
        )
        var envelopes: [Envelope] = []
        for (index, acceptance) in acceptances.enumerated() {
            let briefing = Briefing(
                epoch: epoch,
                trustee: TrusteeNumber(index + 1),
                sealed: try BriefingKey.seal(contents, to: acceptance.recipient)
            )
            envelopes.append(try briefing.signed(by: owner))
        }
        return envelopes
    }

    /// The dealing as strangers may see it, signed by a key that signs nothing else.
    private static func badge(
        of dealing: VerifiedDealing,
        entropy: borrowing SecretBytes
    ) throws -> Envelope {
        let key = Ed25519.SecretKey()
        let blind = try Dealer.blind(dealing, entropy: entropy)
        return try SwitchBadge(key: key.publicKey, dealing: blind.bytes).signed(by: key)
    }

    private var warnings: [Warning] {
        var warnings: [Warning] = []
        if Set(successors.map(\.jurisdiction)).count < 2 { warnings.append(.successorsTooFew) }
        let rule = JurisdictionRule(trusteeCount: acceptances.count, threshold: threshold)
        return warnings
            + rule.blockingEarlyPath(acceptances.map(\.jurisdiction)).map { .blocksEarlyPath($0) }
    }

    // MARK: Reading what people handed in

    private static func read(
        _ envelopes: [Envelope],
        to invitation: Envelope,
        epoch: SwitchEpoch
    ) throws -> [TrusteeAcceptance] {
        var answers: [TrusteeAcceptance] = []
        for (index, envelope) in envelopes.enumerated() {
            guard let answer = try? envelope.read(TrusteeAcceptance.self),
                envelope.isSigned(by: answer.signingKey), answer.epoch == epoch,
                answer.invitation == invitation.digest,
                AgeSuite(recipient: answer.recipient) == .hybrid
            else { throw SwitchError.acceptanceInvalid(index: index) }
            for (other, earlier) in answers.enumerated()
            where earlier.escrowKey == answer.escrowKey || earlier.signingKey == answer.signingKey {
                throw SwitchError.duplicateTrustee(first: other, second: index)
            }
            answers.append(answer)
        }
        return answers
    }

    private static func read(_ cards: [Envelope], suite: AgeSuite) throws -> [SuccessorCard] {
        guard !cards.isEmpty else { throw SwitchError.successorMissing }
        var successors: [SuccessorCard] = []
        for (index, envelope) in cards.enumerated() {
            guard let card = try? envelope.read(SuccessorCard.self),
                envelope.isSigned(by: card.signingKey),
                let kind = AgeSuite(recipient: card.recipient)
            else { throw SwitchError.successorInvalid(index: index) }
            guard kind == suite else { throw SwitchError.successorOfOtherKind(index: index) }
            successors.append(card)
        }
        return successors
    }

    private static func context(
        of answers: [TrusteeAcceptance],
        invitation: SwitchInvitation,
        threshold: Int
    ) throws -> EscrowContext {
        let scope = try VerifiedArming.scope(
            of: invitation.epoch,
            owner: invitation.owner.bytes,
            origins: invitation.origins
        )
        do {
            return try EscrowContext(
                scope: scope,
                threshold: threshold,
                trustees: answers.map {
                    try TrusteeEnrolment(key: $0.escrowKey, possession: $0.proof)
                }
            )
        } catch EscrowError.possessionNotProven(let index) {
            throw SwitchError.possessionNotProven(index: index - 1)
        }
    }
}
