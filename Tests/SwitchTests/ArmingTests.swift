// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import Encodings
import Sodium
import Statements
import Switch
import Testing
import TransparencyLog

@Suite struct ArmingTests {
    private func armer(
        _ cast: Cast,
        _ change: (inout [Envelope]) throws -> Void = { _ in },
        threshold: Int = 3,
        successors: [Envelope]? = nil
    ) throws -> SwitchArmer {
        let invitation = try cast.invitation()
        var acceptances = try cast.trustees.map { try $0.accept(invitation) }
        try change(&acceptances)
        return try SwitchArmer(
            invitation: invitation,
            acceptances: acceptances,
            threshold: threshold,
            successors: successors ?? [cast.card()],
            caseRecipient: cast.caseRecipient
        )
    }

    @Test func defaultsOfSevenAndFourAreArmed() throws {
        let cast = try Cast(trusteeCount: 7)
        let armed = try cast.armed(threshold: 4)
        let arming = try VerifiedArming(armed.envelope)
        #expect(arming.terms.trusteeCount == SwitchTerms.trusteeCountDefault)
        #expect(arming.terms.threshold == SwitchTerms.thresholdDefault)
        // One successor is allowed and said aloud; two Mexicans of seven block nothing.
        #expect(armed.warnings == [.successorsTooFew])
        #expect(armed.envelope.bytes.count < Envelope.byteCountMax)
    }

    @Test func everyoneCanVerifyAPostQuantumArming() throws {
        let cast = try Cast(isClassic: false)
        let armed = try cast.armed()
        let arming = try VerifiedArming(try Envelope(canonical: armed.envelope.bytes))
        #expect(arming.statement.outerRecipient.hasPrefix("age1pq1"))
        #expect(armed.warnings == [.successorsTooFew, .blocksEarlyPath(try mexico())])
    }

    private func mexico() throws -> Jurisdiction { try #require(Jurisdiction("MX")) }

    @Test func refusesTooFewTrustees() throws {
        let cast = try Cast()
        #expect(throws: SwitchError.termsOutOfRange(trustees: 4, threshold: 3)) {
            try armer(cast, { $0.removeLast() })
        }
        #expect(throws: SwitchError.termsOutOfRange(trustees: 5, threshold: 2)) {
            try armer(cast, threshold: 2)
        }
        #expect(throws: SwitchError.termsOutOfRange(trustees: 5, threshold: 5)) {
            try armer(cast, threshold: 5)
        }
    }

    @Test func refusesACountryThatCouldForceOrBlock() throws {
        let cast = try Cast(trusteeCount: 7)
        let mexico = try mexico()
        let more = [TestTrustee("MX"), TestTrustee("MX")]
        let invitation = try cast.invitation()
        #expect(throws: SwitchError.jurisdictionTooStrong(mexico, trustees: 4, max: 3)) {
            try armer(
                cast,
                { list in
                    list[5] = try more[0].accept(invitation)
                    list[6] = try more[1].accept(invitation)
                },
                threshold: 4
            )
        }
    }

    @Test(arguments: [(5, 3, 2), (7, 4, 3), (7, 5, 2), (20, 11, 9)])
    func theRuleIsTheSmallerOfForcingAndBlocking(_ n: Int, _ k: Int, _ max: Int) {
        #expect(JurisdictionRule(trusteeCount: n, threshold: k).countMax == max)
    }

    /// With as many in one country, and everybody else alone in another.
    @Test func noCountryCanForceOrBlockAReleaseWhateverItsNumbers() throws {
        let (mexico, codes) = (
            try mexico(), ["US", "DE", "AR", "CH", "FR", "ES", "CA", "BR", "CL", "PE", "IT"]
        )
        let others = try codes.map { try #require(Jurisdiction($0)) }
        for n in 5...12 {
            for (k, count) in (3..<n).flatMap({ k in (1...n).map { (k, $0) } }) {
                let rule = JurisdictionRule(trusteeCount: n, threshold: k)
                let people = Array(repeating: mexico, count: count) + others.prefix(n - count)
                let (forces, blocks) = (count >= k, n - count < k)
                let refusal = SwitchError.jurisdictionTooStrong(
                    mexico,
                    trustees: count,
                    max: rule.countMax
                )
                if forces || blocks {
                    #expect(throws: refusal, "\(count) of \(k)/\(n)") { try rule.check(people) }
                } else {
                    #expect(throws: Never.self, "\(count) of \(k)/\(n)") {
                        try rule.check(people)
                    }
                }
                // Nor may one block k + 1 without a warning.
                let warned = rule.blockingEarlyPath(people).contains(mexico)
                #expect(warned == (n - count < k + 1), "\(count) of \(k)/\(n)")
            }
        }
    }

    /// Three of seven in Mexico: with 3 they could force a release, with 5 block it; with 4 they
    /// can only block the path of five.
    @Test func armingRefusesWhoCouldForceAndWhoCouldBlock() throws {
        let cast = try Cast(trusteeCount: 7)
        let invitation = try cast.invitation()
        let third = try TestTrustee("MX").accept(invitation)
        let mexico = try mexico()
        for threshold in [3, 5] {
            #expect(throws: SwitchError.jurisdictionTooStrong(mexico, trustees: 3, max: 2)) {
                try armer(cast, { $0[6] = third }, threshold: threshold)
            }
        }
        _ = try armer(cast, { $0[6] = third }, threshold: 4)
        // Of two countries that are too many the first is named, whoever stands first.
        #expect(throws: SwitchError.jurisdictionTooStrong(mexico, trustees: 3, max: 2)) {
            try armer(
                cast,
                { list in
                    for index in 0..<3 {
                        list[index] = try TestTrustee("US").accept(invitation)
                        list[index + 3] = try TestTrustee("MX").accept(invitation)
                    }
                },
                threshold: 3
            )
        }
    }

    @Test func refusesTheSameTrusteeTwice() throws {
        let cast = try Cast()
        #expect(throws: SwitchError.duplicateTrustee(first: 0, second: 3)) {
            try armer(cast, { $0[3] = $0[0] })
        }
    }

    @Test func refusesAnAcceptanceOfAnotherInvitation() throws {
        let cast = try Cast()
        let other = try Cast()
        #expect(throws: SwitchError.acceptanceInvalid(index: 2)) {
            try armer(cast, { $0[2] = try cast.trustees[2].accept(other.invitation()) })
        }
    }

    @Test func refusesAnAcceptanceSignedByAnotherKey() throws {
        let cast = try Cast()
        #expect(throws: SwitchError.acceptanceInvalid(index: 1)) {
            try armer(
                cast,
                { list in
                    let statement = try list[1].read(TrusteeAcceptance.self)
                    list[1] = try statement.signed(by: cast.owner)
                }
            )
        }
    }

    @Test func refusesAKeyWithoutPossession() throws {
        let cast = try Cast()
        let signer = Ed25519.SecretKey()
        #expect(throws: SwitchError.possessionNotProven(index: 4)) {
            try armer(
                cast,
                { list in
                    let honest = try list[4].read(TrusteeAcceptance.self)
                    // A key from another switch, with the proof that was made there.
                    let elsewhere = try Cast()
                    let foreign = try elsewhere.trustees[4].accept(elsewhere.invitation())
                        .read(TrusteeAcceptance.self)
                    list[4] = try TrusteeAcceptance(
                        epoch: honest.epoch,
                        invitation: honest.invitation,
                        signingKey: signer.publicKey,
                        escrowKey: foreign.escrowKey,
                        proof: foreign.proof,
                        recipient: honest.recipient,
                        jurisdiction: honest.jurisdiction
                    ).signed(by: signer)
                }
            )
        }
    }

    @Test func refusesNoSuccessorAndSuccessorsOfAnotherKind() throws {
        let cast = try Cast()
        #expect(throws: SwitchError.successorMissing) { try armer(cast, successors: []) }
        let hybrid = try Cast(isClassic: false)
        let cards = [try cast.card(), try hybrid.card()]
        #expect(throws: SwitchError.successorOfOtherKind(index: 1)) {
            try armer(cast, successors: cards)
        }
        let forged = try cast.card().read(SuccessorCard.self).signed(by: hybrid.successorSigner)
        #expect(throws: SwitchError.successorInvalid(index: 0)) {
            try armer(cast, successors: [forged])
        }
    }

    @Test func refusesAnIdentityThatIsNotTheCases() throws {
        let cast = try Cast()
        let other = try Cast()
        let armer = try armer(cast)
        #expect(throws: SwitchError.caseIdentityMismatch) {
            _ = try armer.arm(
                caseIdentity: other.caseText,
                comment: "case",
                policy: cast.log.policyText,
                checkpoint: cast.log.note,
                owner: cast.owner,
                token: cast.token
            )
        }
        #expect(throws: SwitchError.notTheOwner) {
            _ = try armer.arm(
                caseIdentity: cast.caseText,
                comment: "case",
                policy: cast.log.policyText,
                checkpoint: cast.log.note,
                owner: other.owner,
                token: other.token
            )
        }
    }

    @Test func refusesAPolicyOfOtherLogsThanThoseOfTheInvitation() throws {
        let cast = try Cast()
        let elsewhere = try MemoryLog(time: Cast.start)
        #expect(throws: SwitchError.armingInvalid(.checkpoint)) {
            _ = try armer(cast).arm(
                caseIdentity: cast.caseText,
                comment: "case",
                policy: elsewhere.policyText,
                checkpoint: cast.log.note,
                owner: cast.owner,
                token: cast.token
            )
        }
    }

    /// What a dishonest owner could sign, and what everyone else says to it.
    @Test func anArmingWithAnyPartExchangedIsRefused() throws {
        let cast = try Cast()
        let other = try Cast()
        let honest = try cast.armed().envelope.body()
        let foreign = try other.armed().envelope.body()
        let flaws: [(String, ArmingFlaw)] = [
            ("trustees", .trustees), ("dealing", .dealing), ("policy", .checkpoint),
            ("checkpoint", .checkpoint), ("owner", .fields),
        ]
        for (name, flaw) in flaws {
            var members = try #require(honest.object)
            members[name] = foreign[name]
            try expect(flaw, members, by: cast.owner)
        }
        var members = try #require(honest.object)
        members["threshold"] = 4
        try expect(.dealing, members, by: cast.owner)
        members["threshold"] = 2
        try expect(.terms, members, by: cast.owner)
        members = try #require(honest.object)
        members["outerRecipient"] = "age1nobody"
        try expect(.recipients, members, by: cast.owner)
        try expect(.signature, try #require(honest.object), by: other.owner)
    }

    private func expect(
        _ flaw: ArmingFlaw,
        _ members: [String: JSONValue],
        by key: borrowing Ed25519.SecretKey
    ) throws {
        var envelope = try Envelope(
            unsigned: JSONValue.object(members).canonicalBytes,
            payloadType: SwitchArming.payloadType
        )
        try envelope.sign(with: key)
        let signed = envelope
        #expect(throws: SwitchError.armingInvalid(flaw)) { try VerifiedArming(signed) }
    }
}
