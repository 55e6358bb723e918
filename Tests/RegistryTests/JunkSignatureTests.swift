// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Registry
import Statements
import Testing

/// Anybody can list anybody's key under a statement: that alone says nothing of the key's owner.
@Suite struct JunkSignatureTests {
    private static let judges = [
        "press-1", "press-2", "rights-1", "rights-2", "academia-1", "academia-2",
    ]

    /// The envelope with a wrong signature under each of these names.
    private func padded(_ envelope: Envelope, _ names: [String]) throws -> [UInt8] {
        var all = envelope.signatures.map { ($0.keyID, $0.bytes) }
        for name in names {
            all.append((try World.keyID(name).hex, [UInt8](repeating: 0, count: 64)))
        }
        let value: JSONValue = [
            "payload": .string(Base64.encode(envelope.payload)),
            "payloadType": .string(envelope.payloadType),
            "signatures": .array(
                all.sorted { $0.0 < $1.0 }.map {
                    ["keyid": .string($0.0), "sig": .string(Base64.encode($0.1))]
                }
            ),
        ]
        return value.canonicalBytes
    }

    private func attested() throws -> (World, RegistryID, RegistryID) {
        var world = try World()
        try world.accreditAll(count: 3)
        let (subject, account) = try world.controlled()
        for verifier in ["press-3", "rights-3", "academia-3"] {
            try world.vouch(subject, account, verifier)
        }
        try world.pass(days: 4)
        return (world, subject, account)
    }

    @Test func aCouncilDoesNotChooseTheJudgesOfAnAppealByListingTheOthers() throws {
        var (world, subject, account) = try attested()
        let revoke = RevokeStatement(
            head: world.head,
            subject: subject.bytes,
            reason: .impersonation
        )
        let envelope = try World.envelope(revoke, World.seats)
        #expect(world.append(try padded(envelope, Self.judges)) == nil)
        #expect(world.standing(subject, account)?.state == .revoked)
        let decision = RegistryEntry(index: 0, bytes: envelope.bytes).digest
        let appeal = AppealStatement(
            head: world.head,
            subject: subject.bytes,
            decision: decision.bytes,
            grounds: [UInt8](repeating: 1, count: 32)
        )
        #expect(try world.submit(appeal, ["ana"]) == nil)
        let appealed = try #require(world.log.last)
        let upheld = AppealDecisionStatement(
            head: world.head,
            subject: subject.bytes,
            appeal: RegistryEntry(index: 0, bytes: appealed).digest.bytes,
            outcome: .upheld,
            reasons: [UInt8](repeating: 2, count: 32)
        )
        #expect(try world.submit(upheld, Self.judges) == nil)
        #expect(world.standing(subject, account)?.state == .attested)
    }

    /// What was refused before anybody looked at its signatures is not believed the second time.
    @Test func aSignatureThatNobodyAskedForIsNoneTheNextTime() throws {
        var (world, subject, account) = try attested()
        let revoke = RevokeStatement(
            head: world.head,
            subject: subject.bytes,
            reason: .impersonation
        )
        let envelope = try World.envelope(revoke, [])
        #expect(world.append(try padded(envelope, World.seats)) == .noQuorum)
        let unread = SignatureMemory()
        // A reader that does not know the source yet refuses it for that, and remembers.
        let first = world.entries(memory: unread).last
        var stranger = RegistryState(origin: World.origin)
        if let first { stranger.apply(first) }
        let mark = try #require(unread.all)
        #expect(mark.count == World.seats.count)
        world.replay(
            memory: SignatureMemory(checkedCount: Int64(world.log.count), wrong: mark)
        )
        #expect(world.standing(subject, account)?.state == .attested)
    }
}
