// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Registry
import SnapshotFormat
import Sodium
import Statements
import Testing

@Suite struct SnapshotCompilerTests {
    @Test func eachAudienceSeesWhatTheSubjectAllowed() throws {
        var world = try World()
        try world.accreditAll()
        var links: [AccountLink] = []
        for visibility in SourceVisibility.allCases {
            links.append(try attested("ana-\(visibility)", visibility, &world))
        }
        try world.pass(days: 3)
        let forAll = compile(world, links, .everyone)
        #expect(accounts(forAll.records) == [links[0].account])
        let forPlatform = compile(world, links, .platform("example"))
        #expect(accounts(forPlatform.records) == [links[0].account, links[1].account])
        #expect(accounts(compile(world, links, .platform("other")).records) == [])
        #expect(accounts(compile(world, [], .platform("example")).records) == [])
    }

    @Test func theProvisionalTierIsForPlatformsOnly() throws {
        var world = try World()
        try world.accreditAll()
        let link = try World.link("ana", visibility: .everyone)
        let subject = try world.register("ana")
        try world.prove(subject, "ana", link.commitment)
        try world.vouch(subject, link.commitment, "press-1")
        try world.vouch(subject, link.commitment, "rights-1")
        #expect(accounts(compile(world, [link], .everyone).records) == [])
        #expect(accounts(compile(world, [link], .platform("example")).records) == [link.account])
    }

    @Test func anAccountClaimedByTwoSubjectsIsExportedForNeither() throws {
        var world = try World()
        try world.accreditAll()
        let first = try attested("ana", .everyone, &world)
        let second = AccountLink(
            account: first.account,
            visibility: .everyone,
            salt: SHA256.hash([7])
        )
        let subject = try world.register("impostor")
        try world.prove(subject, "impostor", second.commitment)
        try world.pass(days: 3)
        let links = [first, second]
        // Two observers and an invented subject take nobody's badge away; nor do two vouches.
        for verifier in [nil, "press-2", "rights-2"] {
            if let verifier { try world.vouch(subject, second.commitment, verifier) }
            let result = compile(world, links, .platform("example"))
            #expect(accounts(result.records) == [first.account] && result.heldBack == [])
        }
        try world.vouch(subject, second.commitment, "academia-2")
        try world.pass(days: 3)
        let result = compile(world, links, .everyone)
        #expect(accounts(result.records) == [])
        #expect(result.heldBack == [.claimedTwice(first.account)])
        // Who was suspended still claims it; who is revoked does not.
        try world.pass(days: 1)
        var suspended = world
        let interruption = SuspendStatement(
            head: world.head,
            subject: subject.bytes,
            until: world.state.clock + 9 * World.day,
            reason: .impersonation
        )
        #expect(try suspended.submit(interruption, World.seats) == nil)
        #expect(compile(suspended, links, .everyone).heldBack == [.claimedTwice(first.account)])
        let end = RevokeStatement(
            head: world.head,
            subject: subject.bytes,
            reason: .impersonation
        )
        #expect(try world.submit(end, World.seats) == nil)
        #expect(accounts(compile(world, links, .everyone).records) == [first.account])
    }

    @Test func anAccountThatIsAttestedAndDesignatedCarriesNeitherLabel() throws {
        var world = try World()
        try world.accreditAll()
        let link = try attested("ana", .everyone, &world)
        try world.pass(days: 3)
        let other = try World.link("narco").account
        let list = AccountList([
            DesignatedAccount(account: link.account, confidence: 900, method: "co-share"),
            DesignatedAccount(account: other, confidence: 800, method: "co-share"),
        ])
        let designation = try TwoPartTestTests.statement(
            date: world.state.clock,
            activities: [(.physical, .high)],
            list: list
        )
        try world.submit(designation, World.seats)
        let result = compile(world, [link], .platform("example"), lists: [list])
        #expect(accounts(result.records) == [])
        #expect(result.heldBack == [.attestedAndDesignated(link.account)])
        #expect(listed(result.records) == [other])
        // In public neither: the source is known to all, the list names nobody there.
        let inPublic = compile(world, [link], .everyone, lists: [list])
        #expect(accounts(inPublic.records) == [] && listed(inPublic.records) == [])
        let lexicon = result.records.contains { record in
            if case .lexicon(let record) = record { record.term == "🦂" } else { false }
        }
        #expect(lexicon)
        #expect(
            compile(world, [link], .everyone).heldBack.contains(.missingList(list.digest))
        )
    }

    /// What befalls a source does not open its account to a designation by the council alone; a
    /// decision against it does.
    @Test(arguments: ["lapse", "death", "leave", "revocation"])
    func whoWasTrustedIsDesignatedByAPanelOnly(fate: String) throws {
        var world = try World()
        try world.accreditAll()
        let link = try attested("ana", .everyone, &world)
        let id = try #require(world.state.subjects.keys.first)
        try world.pass(days: 4)
        let reason: RegistryReason = fate == "leave" ? .subjectRequest : .impersonation
        let revoke = RevokeStatement(head: world.head, subject: id.bytes, reason: reason)
        let memorial = MemorialStatement(
            head: world.head,
            subject: id.bytes,
            lastTrustedAt: world.state.clock,
            evidence: SHA256.hash([])
        )
        switch fate {
        case "death": #expect(try world.submit(memorial, World.seats) == nil)
        case "leave": #expect(try world.submit(revoke, ["ana"]) == nil)
        case "revocation": #expect(try world.submit(revoke, World.seats) == nil)
        default: break
        }
        try world.pass(days: fate == "lapse" ? 200 : 8)
        let list = AccountList([
            DesignatedAccount(account: link.account, confidence: 900, method: "co-share")
        ])
        let designation = try TwoPartTestTests.statement(
            date: world.state.clock,
            activities: [(.physical, .high)],
            list: list
        )
        #expect(try world.submit(designation, World.seats) == nil)
        let result = compile(world, [link], .platform("example"), lists: [list])
        let isOpen = fate == "revocation"
        #expect(listed(result.records) == (isOpen ? [link.account] : []))
        #expect(result.heldBack == (isOpen ? [] : [.attestedAndDesignated(link.account)]))
    }

    /// A council that designates a thousand accounts learns from no public copy who is trusted.
    @Test(arguments: [SourceVisibility.platformsOnly, .onRequest])
    func thePublicCopyIsTheSameWithAndWithoutHiddenSources(
        _ visibility: SourceVisibility
    ) throws {
        var world = try World()
        try world.accreditAll()
        let link = try attested("ana", visibility, &world)
        try world.pass(days: 3)
        let list = AccountList([
            DesignatedAccount(account: link.account, confidence: 900, method: "co-share"),
            DesignatedAccount(
                account: try World.link("narco").account,
                confidence: 800,
                method: "co-share"
            ),
        ])
        let designation = try TwoPartTestTests.statement(
            date: world.state.clock,
            activities: [(.physical, .high)],
            list: list
        )
        #expect(try world.submit(designation, World.seats) == nil)
        let with = compile(world, [link], .everyone, lists: [list]).records
        let without = compile(world, [], .everyone, lists: [list]).records
        #expect(with.map(\.json.canonicalBytes) == without.map(\.json.canonicalBytes))
        #expect(with.count > 1)
    }

    @Test func aSubjectThatLeftIsForgotten() throws {
        var world = try World()
        try world.accreditAll()
        let link = try attested("ana", .everyone, &world)
        try world.pass(days: 3)
        let subject = try #require(world.state.subjects.keys.first)
        let request = RevokeStatement(
            head: world.head,
            subject: subject.bytes,
            reason: .subjectRequest
        )
        try world.submit(request, ["ana"])
        #expect(accounts(compile(world, [link], .everyone).records) == [])
    }

    @Test func theSnapshotAnswersForThePast() throws {
        var world = try World()
        try world.accreditAll()
        let link = try attested("ana", .everyone, &world)
        try world.pass(days: 10)
        let subject = try #require(world.state.subjects.keys.first)
        let memorial = MemorialStatement(
            head: world.head,
            subject: subject.bytes,
            lastTrustedAt: world.state.clock - World.day,
            evidence: SHA256.hash([])
        )
        try world.submit(memorial, World.seats)
        let trusted = world.state.clock - World.day
        try world.pass(days: 7)
        var file = SnapshotFile(
            audience: .everyone,
            version: 1,
            date: world.state.clock,
            checkpoint: try World.checkpoint(),
            salt: SHA256.hash([3]),
            records: compile(world, [link], .everyone).records
        )
        file.sign(with: try World.key(World.snapshotKey))
        let snapshot = try SnapshotFile(parsing: file.bytes).verified(
            by: World.trust(),
            audience: .everyone,
            now: world.state.clock,
            lastSeen: nil
        )
        let before = World.start + 5 * World.day
        #expect(snapshot.source(for: link.account, asOf: World.start) == nil)
        #expect(snapshot.source(for: link.account, asOf: before)?.state == .attested)
        let now = try #require(snapshot.source(for: link.account, asOf: world.state.clock))
        #expect(now.state == .memorial)
        #expect(now.lastTrustedAt == trusted)
        #expect(now.period.until == nil)
    }

    @Test func linksAndListsSurviveTheWayThroughBytes() throws {
        let link = try World.link("ana")
        #expect(AccountLink(parsing: link.json.canonicalBytes) == link)
        #expect(AccountLink(parsing: Array(link.json.canonicalBytes.dropLast())) == nil)
        let list = AccountList([
            DesignatedAccount(account: link.account, confidence: 1000, method: "alias")
        ])
        #expect(AccountList.parse(list.bytes) == .success(list))
        #expect(AccountList.parse(list.bytes + list.bytes) == .failure(.init(number: 2)))
        #expect(AccountList.parse([1, 10]) == .failure(.init(number: 1)))
    }

    private func attested(
        _ name: String,
        _ visibility: SourceVisibility,
        _ world: inout World
    ) throws -> AccountLink {
        let link = try World.link(name, visibility: visibility)
        let subject = try world.register(name)
        try world.prove(subject, name, link.commitment)
        for verifier in ["press-1", "rights-1", "academia-1"] {
            try world.vouch(subject, link.commitment, verifier)
        }
        return link
    }

    private func compile(
        _ world: World,
        _ links: [AccountLink],
        _ audience: SnapshotAudience,
        lists: [AccountList] = []
    ) -> (records: [SnapshotRecord], heldBack: [SnapshotCompiler.HeldBack]) {
        SnapshotCompiler(
            state: world.state,
            links: links,
            lists: lists,
            audience: audience,
            date: world.state.clock
        ).compile()
    }

    private func listed(_ records: [SnapshotRecord]) -> [PlatformAccount] {
        records.flatMap { record -> [PlatformAccount] in
            guard case .designation(let designation) = record else { return [] }
            return designation.accounts.map(\.account)
        }
    }

    private func accounts(_ records: [SnapshotRecord]) -> Set<PlatformAccount> {
        Set(
            records.compactMap { record in
                if case .source(let record) = record { record.account } else { nil }
            }
        )
    }
}
