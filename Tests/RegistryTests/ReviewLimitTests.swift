// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Registry
import SnapshotFormat
import Statements
import Testing

/// What a panel finds, and what it asks platforms to do about accounts.
@Suite struct ReviewLimitTests {
    private static let burner = DesignatedAccount(
        account: account("burner"),
        confidence: 900,
        method: "panel"
    )
    private static let list = AccountList([burner])
    private static let target = SHA256.hash(Array("the account's page".utf8))

    private static func account(_ id: String) -> PlatformAccount {
        guard let account = PlatformAccount(platform: "example", stableID: id) else {
            preconditionFailure("an account")
        }
        return account
    }

    private static func limit(_ stage: ComplaintStage, days: Int64 = 20) -> ReviewLimit {
        ReviewLimit(
            accountList: list.digest.bytes,
            actions: [.limitVisibility, .noTrend],
            until: stage.world.head.date + days * World.day
        )
    }

    private static func compile(
        _ stage: ComplaintStage,
        for audience: SnapshotAudience = .platform("example"),
        lists: [AccountList] = [list],
        links: [AccountLink] = []
    ) -> (limits: [LimitRecord], heldBack: [SnapshotCompiler.HeldBack]) {
        let compiled = SnapshotCompiler(
            state: stage.world.state,
            links: links,
            lists: lists,
            audience: audience,
            date: stage.world.state.clock
        ).compile()
        let limits = compiled.records.compactMap { record in
            if case .limit(let limit) = record { limit } else { nil }
        }
        return (limits, compiled.heldBack)
    }

    @Test func aPanelFindsSomethingLessGraveThanWasSaid() throws {
        var stage = try ComplaintStage.start()
        let id = try stage.file(try stage.complaint(grade: .moderate))
        let members = try stage.members(id)
        let graver = stage.review(id, .upheld, grade: .high)
        #expect(try stage.world.submit(graver, members) == .gradeTooHigh)
        #expect(try stage.world.submit(stage.review(id, .upheld, grade: .low), members) == nil)
        #expect(stage.world.state.complaints[id]?.decisions.first?.grade == .low)
        #expect(stage.state == .attested)
    }

    /// A second panel that finds a suspended source's fault less grave ends the suspension.
    @Test func aLesserGradeEndsTheSuspensionOfAGraverOne() throws {
        var stage = try ComplaintStage.start()
        let id = try stage.file(try stage.complaint(grade: .high))
        #expect(try stage.world.submit(stage.review(id, .upheld), stage.members(id)) == nil)
        #expect(stage.state == .suspended)
        #expect(try stage.world.submit(stage.contest(id), ["ana"]) == nil)
        try stage.draw()
        let review = stage.review(id, .upheld, grade: .moderate)
        #expect(try stage.world.submit(review, stage.members(id)) == nil)
        #expect(stage.state == .attested)
    }

    @Test func whatIsReadOfAReviewAgreesWithItself() throws {
        let stage = try ComplaintStage.start()
        let id = RegistryID(Self.target)
        let wrong = [
            stage.review(id, .rejected, grade: .low),
            stage.review(id, .upheld, grade: NetworkHarmGrade.none),
            stage.review(id, .rejected, limit: Self.limit(stage)),
            stage.review(id, .upheld, limit: Self.limit(stage, days: 0)),
            stage.review(id, .upheld, limit: Self.limit(stage, days: 91)),
        ]
        for review in wrong {
            #expect(throws: StatementError.self) { try ReviewStatement(payload: review.payload) }
        }
        let right = stage.review(id, .upheld, limit: Self.limit(stage, days: 90))
        #expect(try ReviewStatement(payload: right.payload).payload == right.payload)
    }

    @Test func aLimitReachesThePlatformAndEndsByItself() throws {
        var stage = try ComplaintStage.start()
        let complaint = try stage.complaint(.account, Self.target)
        let id = try stage.file(complaint)
        let review = stage.review(id, .upheld, limit: Self.limit(stage))
        let start = stage.world.state.clock
        #expect(try stage.world.submit(review, stage.members(id)) == nil)
        let (limits, heldBack) = Self.compile(stage)
        #expect(limits.map(\.action) == [.limitVisibility, .noTrend])
        for limit in limits {
            #expect(limit.account == Self.burner.account)
            #expect(limit.reason == RegistryReason.fabricatedEvidence.rawValue)
            #expect(limit.evidence == complaint.evidence)
            #expect(limit.validity == start..<(start + 20 * World.day))
        }
        #expect(heldBack.isEmpty)
        // Nobody else is told whom it is about, and nobody without the list can tell.
        #expect(Self.compile(stage, for: .everyone).limits.isEmpty)
        #expect(Self.compile(stage, for: .platform("other")).limits.isEmpty)
        #expect(Self.compile(stage, lists: []).heldBack == [.missingList(Self.list.digest)])
    }

    @Test func onlyComplaintsAboutAccountsLeadToLimits() throws {
        var stage = try ComplaintStage.start()
        let id = try stage.file(try stage.complaint(.post, Self.target))
        let review = stage.review(id, .upheld, limit: Self.limit(stage))
        #expect(try stage.world.submit(review, stage.members(id)) == .notAboutAccount)
    }

    /// What was judged is not judged again by others for the asking.
    @Test func anotherComplaintAboutAnAccountNeedsNewerEvidence() throws {
        var stage = try ComplaintStage.start()
        let id = try stage.file(try stage.complaint(.account, Self.target))
        #expect(try stage.world.submit(stage.review(id, .rejected), stage.members(id)) == nil)
        let again = try stage.complaint(.account, Self.target, key: "friend")
        #expect(try stage.world.submit(again, ["friend"]) == .repeated)
        let evidence = [ComplaintStage.evidence, SHA256.hash([7])]
            .sorted { $0.lexicographicallyPrecedes($1) }
        let newer = try stage.complaint(.account, Self.target, evidence: evidence, key: "friend")
        #expect(try stage.world.submit(newer, ["friend"]) == nil)
    }

    /// Nobody here knows whose an account is, so its owner needs no name to be heard.
    @Test func anybodyContestsALimitAndAnotherPanelEndsIt() throws {
        var stage = try ComplaintStage.start()
        let id = try stage.file(try stage.complaint(.account, Self.target))
        let review = stage.review(id, .upheld, limit: Self.limit(stage))
        #expect(try stage.world.submit(review, stage.members(id)) == nil)
        #expect(try stage.world.submit(stage.contest(id), ["owner"]) == .notSigned)
        let contest = try stage.contest(id, key: "owner")
        #expect(try stage.world.submit(contest, ["press-1"]) == .notSigned)
        #expect(try stage.world.submit(contest, ["owner"]) == nil)
        #expect(Self.compile(stage).limits.count == 2)
        try stage.draw()
        let end = stage.world.state.clock
        #expect(try stage.world.submit(stage.review(id, .rejected), stage.members(id)) == nil)
        #expect(Self.compile(stage).limits.allSatisfy { $0.validity.upperBound == end })
    }

    /// Of a source's account its owner decides who contests.
    @Test func aStrangerDoesNotContestForASource() throws {
        var stage = try ComplaintStage.start()
        let id = try stage.file(try stage.complaint(.account, stage.account.bytes))
        #expect(try stage.world.submit(stage.review(id, .upheld), stage.members(id)) == nil)
        let contest = try stage.contest(id, key: "stranger")
        #expect(try stage.world.submit(contest, ["stranger"]) == .notSigned)
        #expect(try stage.world.submit(stage.contest(id), ["ana"]) == nil)
    }

    @Test func anAttestedAccountIsNotLimited() throws {
        var stage = try ComplaintStage.start()
        let link = try World.link("ana", visibility: .platformsOnly)
        let list = AccountList([
            DesignatedAccount(account: link.account, confidence: 900, method: "panel"),
            Self.burner,
        ])
        let id = try stage.file(try stage.complaint(.account, Self.target))
        let limit = ReviewLimit(
            accountList: list.digest.bytes,
            actions: [.noTrend],
            until: stage.world.head.date + World.day
        )
        let review = stage.review(id, .upheld, limit: limit)
        #expect(try stage.world.submit(review, stage.members(id)) == nil)
        let (limits, heldBack) = Self.compile(stage, lists: [list], links: [link])
        #expect(limits.map(\.account) == [Self.burner.account])
        #expect(heldBack == [.attestedAndLimited(link.account)])
    }
}
