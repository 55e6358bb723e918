// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Registry
import SnapshotFormat
import Statements
import Testing

/// Complaints, the panels that decide them, and what follows.
@Suite struct ComplaintTests {
    @Test func fiveIndependentVerifiersAreDrawnAndFourDecide() throws {
        var stage = try ComplaintStage.start()
        let id = try stage.file(try stage.complaint())
        let members = try stage.members(id)
        #expect(members.count == 5)
        #expect(Set(members).isDisjoint(with: ["press-1", "press-2", "rights-1"]))
        for constituency in World.constituencies {
            #expect(members.count { $0.hasPrefix(constituency) } <= 2)
        }
        let review = stage.review(id, .upheld)
        let strangers = ComplaintStage.verifiers.filter { !members.contains($0) }
        #expect(try stage.world.submit(review, Array(members.prefix(3))) == .noQuorum)
        #expect(try stage.world.submit(review, Array(members.prefix(3)) + strangers) == .noQuorum)
        #expect(stage.state == .attested)
        #expect(try stage.world.submit(review, stage.four(id)) == nil)
        #expect(stage.state == .suspended)
        #expect(stage.world.standing(stage.subject, stage.account)?.reason == .fabricatedEvidence)
        try stage.world.pass(days: 1)
        #expect(try stage.world.submit(stage.review(id, .rejected), members) == .panelOver)
        try stage.world.pass(days: 30)
        #expect(stage.state == .attested)
    }

    @Test func aComplaintByItselfChangesNothing() throws {
        for grade in [NetworkHarmGrade.low, .moderate, .high] {
            var stage = try ComplaintStage.start()
            let id = try stage.file(try stage.complaint(grade: grade))
            #expect(stage.state == .attested)
            try stage.world.submit(stage.review(id, .upheld), stage.members(id))
            #expect(stage.state == (grade == .high ? .suspended : .attested))
        }
    }

    /// An upheld one lowers its score for a year, and the record of those who vouched for longer.
    @Test func anUpheldDisputeLowersTheScore() throws {
        var stage = try ComplaintStage.start()
        func score() -> Score {
            let state = stage.world.state
            return Score(
                state.scoreInputs(
                    of: stage.subject,
                    account: stage.account,
                    standing: stage.state ?? .registered,
                    state.trackRecords(at: state.clock),
                    at: state.clock
                )
            )
        }
        let id = try stage.file(try stage.complaint(grade: .moderate))
        let before = score()
        #expect(try stage.world.submit(stage.review(id, .upheld), stage.four(id)) == nil)
        let state = stage.world.state
        #expect(state.trackRecords(at: state.clock).outcomes(of: "press").failures == 500_000)
        #expect(before.sum - score().sum > 1_000_000)
        // Contested it counts for nothing, and rejected neither.
        #expect(try stage.world.submit(stage.contest(id), ["ana"]) == nil)
        #expect(score() == before)
        try stage.draw()
        #expect(try stage.world.submit(stage.review(id, .rejected), stage.members(id)) == nil)
        let records = stage.world.state.trackRecords(at: stage.world.state.clock)
        #expect(records.outcomes(of: "press").failures == 0)
    }

    @Test func anotherPanelDecidesWhatIsContested() throws {
        var stage = try ComplaintStage.start()
        let id = try stage.file(try stage.complaint())
        #expect(try stage.world.submit(stage.contest(id), ["ana"]) == .unknownDecision)
        let first = try stage.members(id)
        try stage.world.submit(stage.review(id, .upheld), first)
        #expect(try stage.world.submit(stage.contest(id), ["press-1"]) == .notSigned)
        #expect(try stage.world.submit(stage.contest(id), ["ana"]) == nil)
        #expect(stage.world.state.complaints[id]?.contestedAt != nil)
        #expect(try stage.world.submit(stage.review(id, .rejected), first) == .noPanel)
        try stage.draw()
        let second = try stage.members(id)
        #expect(second.count == 5 && Set(second).isDisjoint(with: first))
        #expect(stage.state == .suspended)
        #expect(try stage.world.submit(stage.review(id, .rejected), first) == .noQuorum)
        #expect(try stage.world.submit(stage.review(id, .rejected), second) == nil)
        #expect(stage.state == .attested)
        try stage.world.pass(days: 1)
        #expect(try stage.world.submit(stage.contest(id), ["ana"]) == .repeated)
    }

    /// Holders speak before everybody hears them: who is there by then must not matter.
    @Test func theLotTakesWhoWasThereWhenTheDayWasOver() throws {
        var quiet = try ComplaintStage.start()
        let statement = try quiet.complaint()
        #expect(try quiet.world.submit(statement, ["neighbour"]) == nil)
        let id = RegistryID(SHA256.hash(statement.payload))
        let day = quiet.world.state.clock
        try quiet.world.pass(days: 1)
        var busy = quiet
        for name in World.beacons { try quiet.world.speak(name, for: day) }
        let members = try quiet.members(id)
        #expect(members.count == 5)
        // One that would be drawn vouches in the open, others are removed and come.
        let voucher = try #require(members.first)
        #expect(try busy.world.vouch(busy.subject, busy.account, voucher) == nil)
        let removal = RemoveVerifierStatement(
            head: busy.world.head,
            verifier: try World.keyID(members[1]).bytes,
            reason: .routineReview
        )
        #expect(try busy.world.submit(removal, World.seats) == nil)
        #expect(try busy.world.accredit("press-7", "press") == nil)
        for name in World.beacons { try busy.world.speak(name, for: day) }
        #expect(busy.world.state.complaints[id]?.draws.last?.members.count == 5)
        #expect(try busy.members(id) == members)
    }

    @Test func nobodyWaitsForPanelsForEver() throws {
        var stage = try ComplaintStage.start()
        var ids: [RegistryID] = []
        for _ in 0..<Complaint.openCountMax {
            ids.append(try stage.file(try stage.complaint()))
            try stage.world.pass(days: 1)
        }
        let another = try stage.complaint()
        #expect(try stage.world.submit(another, ["neighbour"]) == .tooManyComplaints)
        // Panels are drawn anew, and none of them says anything.
        let last = try #require(ids.last)
        while stage.world.state.complaints[last]?.isUndecided(at: stage.world.state.clock) == true {
            let state = stage.world.state
            let day = state.complaints[last]?.awaitedDay
            try stage.world.pass(days: 1)
            if let day { for name in World.beacons { try stage.world.speak(name, for: day) } }
        }
        let complaint = try #require(stage.world.state.complaints[last])
        #expect(complaint.draws.count > 2)
        #expect(complaint.lapsesAt == complaint.since + 90 * World.day)
        #expect(complaint.isLapsed(at: stage.world.state.clock))
        let members = try stage.members(last)
        #expect(try stage.world.submit(stage.review(last, .upheld), members) == .panelOver)
        #expect(stage.state != .suspended)
        // Whoever still has something to say can complain again.
        #expect(throws: Never.self) { try stage.file(try stage.complaint()) }
    }

    @Test func theFirstDecisionHoldsAgainIfNoSecondPanelDecides() throws {
        var stage = try ComplaintStage.start()
        let id = try stage.file(try stage.complaint(grade: .moderate))
        #expect(try stage.world.submit(stage.review(id, .upheld), stage.four(id)) == nil)
        #expect(try stage.world.submit(stage.contest(id), ["ana"]) == nil)
        try stage.world.pass(days: Complaint.lapseDays - 1)
        let complaint = try #require(stage.world.state.complaints[id])
        let moment = stage.world.state.clock
        let waiting = stage.world.state.trackRecords(at: moment)
        #expect(waiting.outcomes(of: "press").failures == 0)
        #expect(complaint.decision(at: moment) == nil && complaint.isUndecided(at: moment))
        try stage.world.pass(days: 1)
        let after = stage.world.state.clock
        #expect(complaint.decision(at: after)?.outcome == .upheld && complaint.isLapsed(at: after))
        let records = stage.world.state.trackRecords(at: after)
        #expect(records.outcomes(of: "press").failures > 0)
    }

    @Test func contestsHaveADeadline() throws {
        var stage = try ComplaintStage.start()
        let id = try stage.file(try stage.complaint())
        try stage.world.submit(stage.review(id, .rejected), stage.members(id))
        try stage.world.pass(days: Complaint.contestDays)
        #expect(try stage.world.submit(stage.contest(id), ["neighbour"]) == .wrongDate)
    }

    @Test func aPanelThatDoesNotAnswerIsDrawnAgain() throws {
        var stage = try ComplaintStage.start()
        let id = try stage.file(try stage.complaint())
        let first = try stage.members(id)
        try stage.world.pass(days: Complaint.answerDays)
        #expect(try stage.world.submit(stage.review(id, .upheld), first) == .noPanel)
        try stage.draw()
        let second = try stage.members(id)
        #expect(second.count == 5 && Set(second).isDisjoint(with: first))
        #expect(try stage.world.submit(stage.review(id, .rejected), second) == nil)
    }

    @Test func complaintsAreRefusedForWhatTheySay() throws {
        var stage = try ComplaintStage.start()
        let stranger = [UInt8](repeating: 7, count: 32)
        let cases: [(ComplaintStatement, [String], Refusal?)] = [
            (try stage.complaint(.subject, stranger), ["neighbour"], .unknownSubject),
            (try stage.complaint(.network, stranger), ["neighbour"], .unknownNetwork),
            (
                try stage.complaint(.listing, stranger, network: stranger), ["neighbour"],
                .unknownNetwork
            ),
            (try stage.complaint(), ["ana"], .notSigned),
            (try stage.complaint(), ["neighbour"], nil),
            (try stage.complaint(), ["neighbour"], .repeated),
            (try stage.complaint(.post, stranger), ["neighbour"], nil),
            (try stage.complaint(.account, stranger), ["neighbour"], nil),
            (try stage.complaint(.post, stage.subject.bytes), ["neighbour"], .tooManyComplaints),
        ]
        for (statement, signers, refusal) in cases {
            #expect(try stage.world.submit(statement, signers) == refusal)
        }
        let unknown = RegistryID(stranger)
        let review = stage.review(unknown, .upheld)
        #expect(try stage.world.submit(review, ["ana"]) == .unknownComplaint)
        #expect(try stage.world.submit(stage.contest(unknown), ["ana"]) == .unknownComplaint)
    }

    @Test func withoutHoldersAnyIndependentVerifiersDecide() throws {
        var stage = try ComplaintStage.start(beacons: false)
        let statement = try stage.complaint(key: "press-3")
        #expect(try stage.world.submit(statement, ["press-3"]) == nil)
        let id = RegistryID(SHA256.hash(statement.payload))
        let review = stage.review(id, .upheld)
        // Who complains does not judge, nor who vouched in the open.
        let party = ["press-3", "rights-2", "academia-1", "international-1"]
        #expect(try stage.world.submit(review, party) == .noQuorum)
        #expect(try stage.world.submit(review, ["press-1"] + party.dropFirst()) == .noQuorum)
        #expect(try stage.world.submit(review, ["press-4"] + party.dropFirst()) == nil)
        #expect(stage.state == .suspended)
    }

    /// Everything that says one thing of an account waits until a panel has said which.
    @Test(arguments: [AppealOutcome.upheld, .rejected])
    func aPanelDecidesBetweenBadgeAndDesignation(_ outcome: AppealOutcome) throws {
        var stage = try ComplaintStage.start()
        let link = try World.link("ana", visibility: .platformsOnly)
        let list = AccountList([
            DesignatedAccount(account: link.account, confidence: 900, method: "links")
        ])
        let designation = try TwoPartTestTests.statement(
            date: stage.world.state.clock,
            activities: [(.physical, .high)],
            list: list
        )
        #expect(try stage.world.submit(designation, World.seats) == nil)
        let network = try #require(stage.world.state.networks.keys.first)
        func records(_ mask: SuspensionMask? = nil) -> (sources: Int, listed: Int, held: Int) {
            Self.records(of: stage, link, list, mask)
        }
        #expect(records() == (0, 0, 1))
        // Nor is it the network's in a week in which the badge is covered.
        #expect(records(try covering(stage, link)) == (0, 0, 1))
        let complaint = try stage.complaint(
            .listing,
            link.commitment.bytes,
            network: network.bytes
        )
        let id = try stage.file(complaint)
        #expect(records() == (0, 0, 1))
        #expect(try stage.world.submit(stage.review(id, outcome), stage.members(id)) == nil)
        let decided = outcome == .upheld ? (0, 1, 0) : (1, 0, 0)
        #expect(records() == decided)
        #expect(records(try covering(stage, link)) == decided)
        // The same list under another name: a rejection holds there too, and no more than that.
        var renamed = stage
        try renamed.world.pass(days: 1)
        let other = try TwoPartTestTests.statement(
            date: renamed.world.state.clock,
            activities: [(.physical, .high)],
            list: list
        )
        #expect(try renamed.world.submit(other, World.seats) == nil)
        #expect(renamed.world.state.networks.count == 2)
        swap(&stage, &renamed)
        #expect(records() == (outcome == .upheld ? (0, 1, 1) : (1, 0, 0)))
        swap(&stage, &renamed)
        // To suspend a source first opens nothing.
        var suspended = stage
        let interruption = SuspendStatement(
            head: stage.world.head,
            subject: stage.subject.bytes,
            until: stage.world.state.clock + 2 * World.day,
            reason: .impersonation
        )
        #expect(try suspended.world.submit(interruption, World.seats) == nil)
        swap(&stage, &suspended)
        #expect(records() == (1, outcome == .upheld ? 1 : 0, 0))
        swap(&stage, &suspended)
        try stage.world.submit(stage.contest(id), ["ana"])
        #expect(records() == (0, 0, 1))
    }

    /// What a platform is told: sources, accounts of networks, and what is held back.
    private static func records(
        of stage: ComplaintStage,
        _ link: AccountLink,
        _ list: AccountList,
        _ mask: SuspensionMask?
    ) -> (sources: Int, listed: Int, held: Int) {
        let compiler = SnapshotCompiler(
            state: stage.world.state,
            links: [link],
            lists: [list],
            audience: .platform("example"),
            date: stage.world.state.clock,
            mask: mask
        )
        let (records, held) = compiler.compile()
        var (sources, listed) = (0, 0)
        for record in records {
            switch record {
            case .source: sources += 1
            case .designation(let designation): listed += designation.accounts.count
            default: break
            }
        }
        return (sources, listed, held.count)
    }

    /// A mask that covers the account's badge today.
    private func covering(_ stage: ComplaintStage, _ link: AccountLink) throws -> SuspensionMask {
        let state = stage.world.state
        let history = state.history(of: stage.subject, account: link.commitment)
        let masks = (0..<5000).lazy.map { number in
            SuspensionMask(key: SHA256.hash(Array("mask \(number)".utf8)))
        }
        return try #require(
            masks.first { mask in
                mask.shown(history, of: link.commitment, at: state.clock)
                    .first { $0.contains(state.clock) }?.state == .suspended
            }
        )
    }
}
