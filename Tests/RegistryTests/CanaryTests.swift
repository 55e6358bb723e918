// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Registry
import Statements
import Testing

/// Words that are missed when they stop coming: `docs/spec/registry.md`, section 3.18.
@Suite struct CanaryTests {
    private struct Stage {
        var world: World
        let subject: RegistryID
        let account: RegistryID
        let words: [[UInt8]]

        /// Attested on the third day, with a canary that is due every week from the first.
        init(limits: RegistryLimits = .standard) throws {
            world = try World(limits: limits)
            try world.accreditAll(count: 3)
            (subject, account) = try world.controlled()
            words = Chain("ana", subject).words
            for verifier in ["press-1", "rights-1", "academia-1"] {
                try world.vouch(subject, account, verifier)
            }
            #expect(try promise() == nil)
            try world.pass(days: 3)
        }

        var state: StandingState? { world.standing(subject, account)?.state }

        mutating func promise(
            _ chain: String = "ana",
            every days: Int? = 7,
            by signer: String = "ana"
        ) throws -> Refusal? {
            let anchor = Chain(chain, subject).words[0]
            let statement = CanaryStatement(
                head: world.head,
                subject: subject.bytes,
                promise: days.map { .init(anchor: anchor, everyDays: $0) }
            )
            return try world.submit(statement, [signer])
        }

        mutating func say(
            _ word: [UInt8],
            late days: Int64 = 0,
            by signer: String = "ana"
        ) throws -> Refusal? {
            let head = RegistryHead(
                context: world.state.context,
                dayOf: world.state.clock - days * World.day
            )
            let statement = AliveStatement(head: head, subject: subject.bytes, word: word)
            return try world.submit(statement, [signer])
        }

        mutating func rotate(_ from: String) throws -> Refusal? {
            let statement = RotateKeyStatement(
                head: world.head,
                subject: subject.bytes,
                key: try World.publicKey("\(from)-next"),
                next: SHA256.hash(try World.publicKey("\(from)-next-next"))
            )
            return try world.submit(statement, ["\(from)-next"])
        }

        /// The days since the start on which the state changes from here.
        func days() -> [String] {
            world.state.history(of: subject, account: account).map {
                "\(($0.since - World.start) / World.day) \($0.state.rawValue)"
            }
        }
    }

    /// Due on day 7; 14, 21 and 53 days later it shows, by the limits of the charter.
    @Test func silenceShowsInStepsAndByItself() throws {
        let stage = try Stage()
        #expect(
            stage.days() == [
                "0 pending", "3 attested", "21 stale", "28 suspended", "60 lapsed",
            ]
        )
        let history = stage.world.state.history(of: stage.subject, account: stage.account)
        #expect(history[2].reason == .inactivity && history[3].reason == .inactivity)
        #expect(history.dropFirst(2).allSatisfy { $0.tier == .none })
    }

    @Test func aWordBringsItBackFromEachStepButTheLast() throws {
        for (days, before) in [(18, "stale"), (25, "suspended"), (56, "suspended")] {
            var stage = try Stage()
            try stage.world.pass(days: Int64(days))
            #expect(stage.state?.rawValue == before)
            #expect(try stage.say(stage.words[1]) == nil)
            #expect(stage.state == .attested)
        }
        // After that what was before counts no more: control and vouches are needed again.
        var stage = try Stage()
        try stage.world.pass(days: 57)
        #expect(stage.state == .lapsed)
        #expect(try stage.say(stage.words[1]) == nil)
        #expect(stage.state == .lapsed)
        #expect(
            try stage.world.vouch(stage.subject, stage.account, "press-2") == .uncontrolledAccount
        )
        #expect(try stage.world.prove(stage.subject, "ana", stage.account) == nil)
        for verifier in ["press-2", "rights-2", "academia-2"] {
            #expect(try stage.world.vouch(stage.subject, stage.account, verifier) == nil)
        }
        try stage.world.pass(days: 3)
        #expect(stage.state == .attested)
    }

    @Test func wordsCountOnceInOrderAndFromTheDayOnWhichTheyWereSaid() throws {
        var stage = try Stage()
        let words = stage.words
        #expect(try stage.say(words[0]) == .noCanary)
        #expect(try stage.say(words[3]) == nil)
        // Those that nobody handed in are over.
        for word in [words[1], words[2], words[3]] {
            #expect(try stage.say(word) == .noCanary)
        }
        #expect(try stage.say(words[3 + AliveStatement.stepCountMax + 1]) == .noCanary)
        #expect(try stage.say(words[4], by: "nobody") == .notSigned)
        try stage.world.pass(days: 24)
        #expect(stage.state == .stale)
        // Said 6 days ago, read by a verifier: in time from then on, and not before.
        #expect(try stage.say(words[4], late: 6, by: "rights-3") == nil)
        #expect(stage.state == .attested)
        #expect(
            stage.days().suffix(5) == [
                "24 stale", "27 attested", "42 stale", "49 suspended", "81 lapsed",
            ]
        )
        #expect(try stage.say(words[5], late: 20) == nil)
        #expect(stage.days().suffix(2) == ["49 suspended", "81 lapsed"])
    }

    @Test func whoHasTheKeyAloneCannotTakeItsSilenceAway() throws {
        for days in [7, nil] {
            var stage = try Stage()
            #expect(try stage.promise("thief", every: days) == .canaryStands)
            let words = Chain("thief", stage.subject).words
            try stage.world.pass(days: 18)
            #expect(try stage.say(words[1]) == .noCanary)
            #expect(stage.state == .stale)
            try stage.world.pass(days: 7)
            #expect(stage.state == .suspended)
            // Its owner is heard, and shows its next key: what the thief wanted is nothing.
            #expect(try stage.rotate("ana") == nil)
            #expect(stage.state == .attested)
            #expect(try stage.say(stage.words[1], by: "ana-next") == nil)
            #expect(try stage.say(words[1], by: "ana-next") == .noCanary)
        }
    }

    /// A public word, taken by a verifier that says it is a month old: the owner's own day counts.
    @Test func aWordThatSomebodyPutIntoThePastIsNotSpent() throws {
        var stage = try Stage()
        let word = stage.words[1]
        try stage.world.pass(days: 17)
        #expect(try stage.say(word, late: 30, by: "rights-3") == nil)
        #expect(stage.days().last == "60 lapsed")
        #expect(try stage.say(word) == nil)
        #expect(stage.days().suffix(3) == ["41 stale", "48 suspended", "80 lapsed"])
        // It says nothing new, and is never younger than the day on which the log learnt of it.
        #expect(try stage.say(word) == .noCanary)
        try stage.world.pass(days: 5)
        #expect(try stage.say(word) == .noCanary)
        #expect(try stage.say(word, by: "rights-3") == .noCanary)
        #expect(try stage.say(stage.words[2], late: 4, by: "rights-3") == nil)
        #expect(try stage.say(stage.words[2], late: 2) == nil)
        #expect(stage.days().last == "83 lapsed")
        try stage.world.pass(days: 3)
        // Days after that on which it came count as that one.
        #expect(try stage.say(stage.words[2], late: 1) == nil)
        #expect(stage.days().last == "85 lapsed")
        #expect(try stage.say(stage.words[2]) == .noCanary)
    }

    @Test func itsOwnerChangesItOnceAfterTheNextKey() throws {
        var stage = try Stage()
        #expect(try stage.promise("second", every: 3) == .canaryStands)
        try stage.world.pass(days: 15)
        #expect(try stage.say(stage.words[1]) == nil)
        #expect(try stage.promise("second", every: 3) == .canaryStands)
        #expect(try stage.rotate("ana") == nil)
        #expect(try stage.promise("second", by: "ana") == .notSigned)
        #expect(try stage.promise("second", every: 3, by: "ana-next") == nil)
        let second = Chain("second", stage.subject).words
        #expect(try stage.say(stage.words[2], by: "ana-next") == .noCanary)
        #expect(try stage.say(second[1], by: "ana-next") == nil)
        // Three days and 14 from day 18.
        #expect(stage.days().suffix(3) == ["35 stale", "42 suspended", "74 lapsed"])
        #expect(try stage.promise("third", by: "ana-next") == .canaryStands)
    }

    /// Whoever steals the new key later finds the promise fixed.
    @Test(arguments: [13, 14]) func afterARotationItIsFreeForTwoWeeks(days: Int64) throws {
        var stage = try Stage()
        #expect(try stage.rotate("ana") == nil)
        try stage.world.pass(days: days)
        let refusal: Refusal? = days < 14 ? nil : .canaryStands
        #expect(try stage.promise(every: nil, by: "ana-next") == refusal)
    }

    @Test func anEndHoldsAndACopyOfAPromiseDoesNothing() throws {
        var stage = try Stage()
        let promise = try #require(
            stage.world.log.last { bytes in
                RegistryEntry(index: 0, bytes: bytes).statement is CanaryStatement
            }
        )
        #expect(try stage.rotate("ana") == nil)
        #expect(try stage.promise(every: nil, by: "ana-next") == nil)
        #expect(stage.world.state.subjects[stage.subject]?.canary?.lastWord == nil)
        #expect(stage.world.append(promise) == .repeated)
        #expect(try stage.say(stage.words[1], by: "ana-next") == .noCanary)
        try stage.world.pass(days: 1)
        #expect(try stage.promise(every: nil, by: "ana-next") == .noCanary)
        #expect(stage.days().allSatisfy { !$0.hasSuffix("stale") })
        #expect(try stage.promise("second", by: "ana-next") == nil)
    }

    @Test func limitsAreThoseOfTheCharterOfThePromise() throws {
        var limits = RegistryLimits.standard
        limits[.staleDays] = 1
        limits[.silentDays] = 2
        limits[.lapsedDays] = 3
        let stage = try Stage(limits: limits)
        #expect(
            stage.days() == ["0 pending", "3 attested", "8 stale", "9 suspended", "10 lapsed"]
        )
    }
}
