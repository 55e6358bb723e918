// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import SnapshotFormat
import Testing

@Suite struct SnapshotLookUpTests {
    @Test func aSourceIsAnsweredByAccountAndMoment() throws {
        let snapshot = try Fixture.open(Fixture.file().bytes)
        let account = try Fixture.account("did:plc:reporter")
        let made = Fixture.made
        let day = Fixture.day
        #expect(snapshot.source(for: account, asOf: made - 61 * day) == nil)
        let alive = try #require(snapshot.source(for: account, asOf: made - 60 * day))
        #expect(alive.state == .attested)
        #expect(alive.subject == Fixture.digest(7))
        #expect(alive.trusts(postedAt: made - 2 * day))
        #expect(!alive.trusts(postedAt: made - 2 * day + 1))
        let dead = try #require(snapshot.source(for: account, asOf: made))
        #expect(dead.state == .memorial)
        #expect(dead.tier == .none)
        #expect(dead.period.reason == "deceased")
        #expect(!dead.trusts(postedAt: made - 10 * day))
        let elsewhere = try Fixture.account("did:plc:reporter", on: "other")
        #expect(snapshot.source(for: elsewhere, asOf: made) == nil)
    }

    @Test func designationsLimitsCorrectionsAndLexiconEndByThemselves() throws {
        let snapshot = try Fixture.open(Fixture.file().bytes)
        let made = Fixture.made
        let day = Fixture.day
        let member = try Fixture.account("u1")
        let standing = try #require(snapshot.designation(for: member, asOf: made))
        #expect(standing.confidence == 900)
        #expect(standing.severity == .high)
        #expect(standing.name == "Red Ñ")
        #expect(snapshot.designation(for: member, asOf: made + 80 * day) == nil)
        #expect(snapshot.designation(for: try Fixture.account("u9"), asOf: made) == nil)
        let limited = try Fixture.account("u3")
        #expect(snapshot.limits(for: limited, asOf: made).map(\.action) == [.noTrend])
        #expect(snapshot.limits(for: limited, asOf: made + 5 * day).isEmpty)
        #expect(snapshot.corrections(of: Fixture.digest(4), asOf: made).count == 1)
        #expect(snapshot.corrections(of: Fixture.digest(3), asOf: made).isEmpty)
        #expect(snapshot.lexicon(asOf: made).map(\.term) == ["🦂"])
        #expect(snapshot.lexicon(asOf: made - 1).isEmpty)
    }

    @Test func manyAccountsAreFoundAndNoOther() throws {
        let records = try (0..<5000).map { number in
            SnapshotRecord.source(
                SourceRecord(
                    account: try Fixture.account("id-\(number)", on: "p\(number % 7)"),
                    subject: Fixture.digest(UInt8(number % 251)),
                    visibility: .everyone,
                    history: [.init(state: .attested, tier: .attested, since: 0, until: nil)]
                )
            )
        }
        let snapshot = try Fixture.open(Fixture.file(records: records).bytes)
        #expect(snapshot.sourceCount == 5000)
        #expect(Set(snapshot.sourceAccounts).count == 5000)
        for number in 0..<5000 {
            let account = try Fixture.account("id-\(number)", on: "p\(number % 7)")
            let standing = try #require(snapshot.source(for: account, asOf: 1))
            #expect(standing.subject == Fixture.digest(UInt8(number % 251)))
            let other = try Fixture.account("id-\(number)", on: "p\((number + 1) % 7)")
            #expect(snapshot.source(for: other, asOf: 1) == nil)
        }
    }

    @Test func accountsDifferByBytesNotByLooks() throws {
        let composed = try Fixture.account("caf\u{e9}")
        let decomposed = try Fixture.account("cafe\u{301}")
        #expect(composed != decomposed)
        let record = SourceRecord(
            account: composed,
            subject: Fixture.digest(1),
            visibility: .everyone,
            history: [.init(state: .attested, tier: .attested, since: 0, until: nil)]
        )
        let snapshot = try Fixture.open(Fixture.file(records: [.source(record)]).bytes)
        #expect(snapshot.source(for: composed, asOf: 1) != nil)
        #expect(snapshot.source(for: decomposed, asOf: 1) == nil)
    }

    @Test func accountsWithSpacesOrUpperCasePlatformsAreNoAccounts() {
        #expect(PlatformAccount(platform: "X", stableID: "1") == nil)
        #expect(PlatformAccount(platform: "x", stableID: "a b") == nil)
        #expect(PlatformAccount(platform: "x", stableID: "") == nil)
        #expect(PlatformAccount(platform: "", stableID: "1") == nil)
        #expect(PlatformAccount(platform: "x", stableID: "a\n") == nil)
        let long = String(repeating: "a", count: 257)
        #expect(PlatformAccount(platform: "x", stableID: long) == nil)
    }
}
