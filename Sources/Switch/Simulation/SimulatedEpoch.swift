// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
internal import Escrow
internal import Sodium
internal import Statements
internal import TransparencyLog

/// The owner of a signed life, with what has to come out.
final class SimulatedOwner {
    let key = Ed25519.SecretKey()
    /// The token of the owner's own passphrase, and the one that a captor gets.
    let token = SecretBytes(random: BriefingContents.keyCount)
    let duressToken = SecretBytes(random: BriefingContents.keyCount)
    let successorSigner = Ed25519.SecretKey()
    let successor = HybridIdentity()
    let caseIdentity = HybridIdentity()

    var id: SwitchID { SwitchID(owner: key.publicKey) }
}

/// One arming with real keys: its trustees, and what each of them needs to say anything.
final class SimulatedEpoch {
    /// A trustee's place.
    final class Seat {
        let number: TrusteeNumber
        let signer = Ed25519.SecretKey()
        let secret = TrusteeSecret()

        init(_ number: TrusteeNumber) { self.number = number }

        func accept(_ invitation: Envelope) throws -> Envelope {
            guard let country = Jurisdiction(SimulatedEpoch.countries[number.value - 1]) else {
                preconditionFailure("a country")
            }
            return try TrusteeAcceptance.answer(
                invitation,
                from: country,
                signer: signer,
                secret: secret
            )
        }
    }

    /// Rows of words in each arming.
    static let sheetRowCount = 8
    private static let countries = ["MX", "US", "DE", "ES", "AR", "CH", "FR"]

    let epoch: SwitchEpoch
    let armed: SwitchArmer.Armed
    let dealing: VerifiedDealing
    let seats: [Seat]
    /// Its left column is the one that is read freely.
    let sheet = WordsSheet(rowCount: sheetRowCount)
    private let dayKey: SecretBytes

    /// Arms.
    ///
    /// - Parameters:
    ///   - owner: Whose switch.
    ///   - number: The epoch.
    ///   - terms: As the simulated life has them.
    ///   - policy: Of the logs.
    ///   - checkpoint: What the owner had seen.
    /// - Throws: What arming throws.
    init(
        of owner: SimulatedOwner,
        number: Int64,
        terms: SwitchTerms,
        policy: (text: String, origins: [String]),
        checkpoint: SignedNote
    ) throws {
        let invitation = try SwitchInvitation(
            epoch: number,
            owner: owner.key.publicKey,
            profile: terms.profile,
            origins: policy.origins,
            time: SimulatedLogs.start
        ).signed(by: owner.key)
        guard let country = Jurisdiction("CH") else { preconditionFailure("a country") }
        let card = try SuccessorCard(
            recipient: owner.successor.recipient.text,
            signingKey: owner.successorSigner.publicKey,
            jurisdiction: country
        ).signed(by: owner.successorSigner)
        let seats = (1...terms.trusteeCount).map { Seat(TrusteeNumber($0)) }
        let armer = try SwitchArmer(
            invitation: invitation,
            acceptances: seats.map { try $0.accept(invitation) },
            threshold: terms.threshold,
            successors: [card],
            caseRecipient: owner.caseIdentity.recipient.text
        )
        armed = try armer.arm(
            caseIdentity: owner.caseIdentity.text(),
            comment: "simulated",
            policy: policy.text,
            checkpoint: checkpoint,
            senders: terms.hasReminders ? [seats[0].signer.publicKey] : [],
            words: WordsSheet.Choice(sheet, clean: .left),
            owner: owner.key,
            token: owner.token
        )
        let arming = try VerifiedArming(armed.envelope)
        epoch = arming.statement.epoch
        dealing = arming.dealing
        self.seats = seats
        let briefing = try armed.briefings[0].read(Briefing.self)
        guard let contents = try BriefingKey(signer: seats[0].signer).open(briefing) else {
            throw SwitchError.notBriefed
        }
        dayKey = SecretBytes(copying: contents.dayKey)
    }

    /// The seat of a trustee.
    func seat(_ trustee: TrusteeNumber) -> Seat { seats[trustee.value - 1] }

    /// A day's statement.
    ///
    /// - Throws: `StatementError` for more than fits.
    func day(
        _ day: Int64,
        of trustee: TrusteeNumber,
        saying statements: [DayContents.Inner]
    ) throws -> Envelope {
        let contents = try DayContents(statements)
        return try SealedDay(
            epoch: epoch,
            trustee: trustee,
            day: day,
            contents: contents,
            key: dayKey
        ).signed(by: seat(trustee).signer)
    }
}
