// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Registry
import Sodium
import Statements
import Testing

@Suite struct RefusalTests {
    @Test func statementsOfAnotherRegistryAreRefused() throws {
        var world = try World()
        let head = RegistryHead(context: SHA256.hash([1]), dayOf: World.start)
        #expect(try world.submit(BatchStatement(head: head), ["operator"]) == .otherRegistry)
        let charter = try World.charter(number: 2, origin: "other")
        #expect(try world.submit(charter, World.roots) == .otherRegistry)
    }

    @Test func nothingHappensBeforeACharter() throws {
        let origin = World.origin
        var state = RegistryState(origin: origin)
        let batch = BatchStatement(head: RegistryHead(context: state.context, dayOf: 0))
        let bytes = try World.envelope(batch, ["operator"]).bytes
        #expect(state.apply(RegistryEntry(index: 0, bytes: bytes)) == .noCharter)
        let charter = try World.envelope(World.charter(), ["root-press", "root-rights"]).bytes
        #expect(state.apply(RegistryEntry(index: 1, bytes: charter)) == .noQuorum)
        #expect(state.apply(RegistryEntry(index: 2, bytes: [1, 2, 3])) == .unreadable)
        #expect(state.refused.map(\.index) == [0, 1, 2])
    }

    @Test func aCharterFollowsTheOneBeforeWithAQuorumOfBoth() throws {
        var world = try World()
        #expect(try world.submit(World.charter(number: 3), World.roots) == .wrongCharterNumber)
        let next = try World.charter(number: 2)
        #expect(
            try world.submit(next, ["root-press", "root-more-press", "seat-rights"]) == .noQuorum
        )
        #expect(
            try world.submit(next, ["root-press", "root-more-press", "root-rights"]) == .noQuorum
        )
        #expect(
            try world.submit(next, ["root-press", "root-academia", "root-rights"]) == nil
        )
        #expect(world.state.charter?.number == 1)
        #expect(try world.submit(next, World.roots) == .wrongCharterNumber)
        try world.pass(days: 14)
        #expect(world.state.charter?.number == 2)
    }

    @Test func onlyTheOperatorMovesTheClockAndOnlyForward() throws {
        var world = try World()
        try world.pass(days: 2)
        let head = RegistryHead(context: world.state.context, dayOf: World.start)
        #expect(try world.submit(BatchStatement(head: head), ["operator"]) == .wrongDate)
        let later = RegistryHead(context: head.context, dayOf: World.start + 9 * World.day)
        #expect(try world.submit(BatchStatement(head: later), ["root-press"]) == .notSigned)
        #expect(world.state.clock == World.start + 2 * World.day)
    }

    /// Commitments are public; the salt behind them is not.
    @Test func nobodyTakesTheCommitmentOfAnother() throws {
        var world = try World()
        try world.accreditAll()
        let (subject, account) = try world.controlled()
        let thief = try world.register("thief")
        #expect(try world.prove(thief, "thief", account) == .accountTaken)
        #expect(world.state.subjects[thief]?.accounts == [])
        #expect(try world.prove(subject, "ana", account) == nil)
    }

    @Test func datesInTheFutureAndOldOnesAreRefused() throws {
        var world = try World()
        try world.pass(days: 40)
        for days: Int64 in [-31, 1] {
            let head = RegistryHead(
                context: world.state.context,
                dayOf: world.state.clock + days * World.day
            )
            let statement = RegisterStatement(
                head: head,
                key: try World.publicKey("ana"),
                next: SHA256.hash([]),
                nonce: SHA256.hash([])
            )
            #expect(try world.submit(statement, ["ana"]) == .wrongDate)
        }
    }

    @Test func accreditationNeedsCouncilConstituencyAndTheOrganisationItself() throws {
        var world = try World()
        let statement = try AccreditVerifierStatement(
            head: world.head,
            key: World.publicKey("org"),
            name: "org",
            kind: .newsroom,
            constituency: "press",
            until: world.head.date + World.day
        )
        let seats = Array(World.seats.prefix(3))
        #expect(try world.submit(statement, seats) == .notSigned)
        #expect(try world.submit(statement, ["org", "seat-press", "seat-rights"]) == .noQuorum)
        #expect(try world.submit(statement, seats + ["org"]) == nil)
        #expect(try world.accredit("lobby", "industry") == .unknownConstituency)
    }

    @Test func governmentsPlatformsPartiesAndFundersCannotBeWritten() throws {
        let world = try World()
        let statement = try AccreditVerifierStatement(
            head: world.head,
            key: World.publicKey("org"),
            name: "org",
            kind: .newsroom,
            constituency: "press",
            until: world.head.date + World.day
        )
        let text = String(decoding: statement.payload, as: UTF8.self)
        for kind in OrganisationKind.refused {
            let changed = text.replacing(#""kind":"newsroom""#, with: #""kind":"\#(kind)""#)
            #expect(throws: StatementError.invalidValue(field: "kind")) {
                try AccreditVerifierStatement(payload: Array(changed.utf8))
            }
        }
    }

    @Test func aVouchForMoneyCannotBeWritten() throws {
        let world = try World()
        let vouch = VouchStatement(
            head: world.head,
            subject: SHA256.hash([1]),
            accounts: [SHA256.hash([2])],
            epoch: RegistryEpoch(containing: World.start),
            verifier: SHA256.hash([3])
        )
        let text = String(decoding: vouch.payload, as: UTF8.self)
        #expect(text.contains(#""consideration":"none""#))
        let paid = text.replacing(#""consideration":"none""#, with: #""consideration":"100""#)
        #expect(throws: StatementError.invalidValue(field: "consideration")) {
            try VouchStatement(payload: Array(paid.utf8))
        }
        let named = text.replacing(#""context""#, with: #""contact":"x","context""#)
        #expect(throws: StatementError.unknownField("contact")) {
            try VouchStatement(payload: Array(named.utf8))
        }
    }

    @Test func vouchesAreBoundToVerifierAccountAndQuarter() throws {
        var world = try World()
        try world.accreditAll()
        let (subject, account) = try world.controlled()
        let epoch = RegistryEpoch(containing: World.start)
        #expect(try world.vouch(subject, account, "stranger") == .unknownVerifier)
        #expect(try world.vouch(subject, account, "press-1", epoch: epoch.next) == .wrongEpoch)
        let earlier = RegistryEpoch(index: epoch.index - 1)
        #expect(try world.vouch(subject, account, "press-1", epoch: earlier) == .wrongEpoch)
        let other = RegistryID(SHA256.hash([9]))
        #expect(try world.vouch(subject, other, "press-1") == .uncontrolledAccount)
        #expect(try world.vouch(other, account, "press-1") == .unknownSubject)
        #expect(try world.vouch(subject, account, "press-1") == nil)
        #expect(try world.vouch(subject, account, "press-1") == .alreadyVouched)
        try world.pass(days: 91)
        #expect(try world.vouch(subject, account, "press-2") == .uncontrolledAccount)
    }

    @Test func anExpiredVerifierCannotVouch() throws {
        var world = try World()
        try world.accreditAll()
        try world.accredit("brief", "press", days: 5)
        let (subject, account) = try world.controlled()
        try world.pass(days: 5)
        #expect(try world.vouch(subject, account, "brief") == .unknownVerifier)
    }

    @Test func controlNeedsTheSubjectAndTwoObservers() throws {
        var world = try World()
        try world.accreditAll()
        let subject = try world.register("ana")
        let account = try World.link("ana").commitment
        #expect(try world.prove(subject, "thief", account) == .notSigned)
        #expect(try world.prove(subject, "ana", account, observers: ["press-1"]) == .noQuorum)
        #expect(try world.prove(subject, "ana", account) == nil)
    }

    @Test func revocationNeedsTheCouncilOrTheSubject() throws {
        var world = try World()
        try world.accreditAll()
        let (subject, account) = try world.controlled()
        func revocation(_ reason: RegistryReason, trusted: Int64? = nil) -> RevokeStatement {
            RevokeStatement(
                head: world.head,
                subject: subject.bytes,
                reason: reason,
                lastTrustedAt: trusted
            )
        }
        let seats = Array(World.seats.prefix(4))
        #expect(try world.submit(revocation(.impersonation), ["ana"]) == .noQuorum)
        #expect(try world.submit(revocation(.subjectRequest), seats) == .notSigned)
        let future = world.state.clock + World.day
        #expect(
            try world.submit(revocation(.impersonation, trusted: future), seats)
                == .wrongLastTrusted
        )
        #expect(try world.submit(revocation(.impersonation), seats) == nil)
        #expect(world.standing(subject, account)?.state == .revoked)
        #expect(try world.submit(revocation(.impersonation), seats) == .repeated)
        #expect(try world.submit(revocation(.duress), seats) == .subjectClosed)
        #expect(try world.submit(revocation(.subjectRequest), ["ana"]) == nil)
        #expect(world.standing(subject, account)?.state == .withdrawn)
    }

    @Test func correctionsComeFromFactCheckersOnly() throws {
        var world = try World()
        try world.accredit("checkers", "academia", kind: .factChecker)
        try world.accredit("paper", "press")
        func correction(by verifier: String) throws -> CorrectStatement {
            CorrectStatement(
                head: world.head,
                content: SHA256.hash([1]),
                finding: .misleading,
                link: "https://checkers.example/1",
                until: world.head.date + World.day,
                verifier: try World.keyID(verifier).bytes
            )
        }
        #expect(try world.submit(correction(by: "paper"), ["paper"]) == .notFactChecker)
        #expect(try world.submit(correction(by: "stranger"), ["stranger"]) == .unknownVerifier)
        #expect(try world.submit(correction(by: "checkers"), ["paper"]) == .notSigned)
        #expect(try world.submit(correction(by: "checkers"), ["checkers", "paper"]) == nil)
        #expect(world.state.corrections.count == 1)
    }

    @Test func anySignatureOfAnotherKeyChangesNothing() throws {
        var world = try World()
        let statement = RegisterStatement(
            head: world.head,
            key: try World.publicKey("ana"),
            next: SHA256.hash([]),
            nonce: SHA256.hash([])
        )
        let bytes = try World.envelope(statement, ["ana"]).bytes
        let stranger = try World.envelope(statement, ["stranger"])
        let mine = Envelope.keyID(of: try World.key("ana").publicKey)
        let theirs = Envelope.keyID(of: try World.key("stranger").publicKey)
        let text = String(decoding: stranger.bytes, as: UTF8.self)
        let forged = text.replacing(theirs, with: mine)
        #expect(world.append(Array(forged.utf8)) == .notSigned)
        #expect(world.append(bytes) == nil)
        #expect(world.append(bytes) == .subjectExists)
    }
}
