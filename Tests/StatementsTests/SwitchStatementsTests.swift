// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Sodium
import Statements
import Testing

/// Every statement of the switch comes back as it was, and takes nothing it does not know.
@Suite struct SwitchStatementsTests {
    private func roundTrip<S: Statement>(_ statement: S) throws {
        #expect(try S(payload: statement.payload) == statement)
        var members = try #require(try JSONValue(canonical: statement.payload).object)
        for name in members.keys where name != "evidenceDigest" {
            var fewer = members
            fewer[name] = nil
            let bytes = JSONValue.object(fewer).canonicalBytes
            #expect(throws: StatementError.missingField(name)) { try S(payload: bytes) }
        }
        members["extra"] = "x"
        let bytes = JSONValue.object(members).canonicalBytes
        #expect(throws: StatementError.unknownField("extra")) { try S(payload: bytes) }
    }

    private func epoch() throws -> SwitchEpoch {
        SwitchEpoch(id: SwitchID(owner: try testKey(1).publicKey), number: 1)
    }

    private let digest = [UInt8](repeating: 0xcd, count: 32)

    @Test func ownersStatementsRoundTrip() throws {
        let epoch = try epoch()
        let token = SecretBytes(copying: digest)
        try roundTrip(CheckIn(epoch: epoch, checkpoint: "a\n\n— b c\n", token: token))
        try roundTrip(Hold(epoch: epoch, until: 1_800_000_000, checkpoint: "a\n", token: token))
        try roundTrip(Revocation(epoch: epoch, checkpoint: "a\n", token: token))
        try roundTrip(
            SwitchInvitation(
                epoch: 1,
                owner: testKey(1).publicKey,
                profile: .long,
                origins: ["example.org/log"],
                time: 5
            )
        )
        try roundTrip(try arming(owner: 1))
        let trustee = TrusteeNumber(32)
        try roundTrip(Briefing(epoch: epoch, trustee: trustee, sealed: digest))
        try roundTrip(BriefingContents(epoch: epoch, clean: digest, dayKey: digest, order: 7))
        for matter in [SuccessorReceipt.Matter.escrow, .delivery] {
            try roundTrip(SuccessorReceipt(epoch: epoch, matter: matter, escrowDigest: digest))
        }
    }

    @Test func trusteesStatementsRoundTrip() throws {
        let epoch = try epoch()
        let trustee = TrusteeNumber(3)
        for verdict in Attestation.Verdict.allCases {
            for evidence in [nil, digest] {
                try roundTrip(
                    Attestation(
                        epoch: epoch,
                        trustee: trustee,
                        number: 2,
                        verdict: verdict,
                        evidenceDigest: evidence
                    )
                )
            }
        }
        try roundTrip(
            Drill(epoch: epoch, trustee: trustee, checkpoint: "a\n", proof: digest + digest)
        )
        try roundTrip(Delay(epoch: epoch, trustee: trustee, seconds: 3600, pendingSince: 7))
        try roundTrip(Consent(epoch: epoch, trustee: trustee, request: digest))
        try roundTrip(Clearing(epoch: epoch, trustee: trustee, checkpoint: digest))
        try roundTrip(
            WordsReading(epoch: epoch, trustee: trustee, cycle: 64, words: OneTimeWords())
        )
        for moment in Reminder.moments {
            try roundTrip(
                Reminder(
                    epoch: epoch,
                    cycle: 5,
                    moment: moment,
                    channel: .mail,
                    outcome: .delivered
                )
            )
        }
        try roundTrip(
            SealedDay(
                epoch: epoch,
                trustee: trustee,
                day: 20_000,
                contents: DayContents(),
                key: SecretBytes(copying: digest)
            )
        )
        try roundTrip(ReleaseIntent(epoch: epoch, trustee: trustee, releasingSince: 77))
        try roundTrip(PublishedShare(epoch: epoch, trustee: trustee, share: [1, 2, 3]))
        let mexico = try #require(Jurisdiction("MX"))
        try roundTrip(
            TrusteeAcceptance(
                epoch: epoch,
                invitation: digest,
                signingKey: testKey(2).publicKey,
                escrowKey: digest,
                proof: digest + digest,
                recipient: "age1pq1example",
                jurisdiction: mexico
            )
        )
        try roundTrip(
            SuccessorCard(
                recipient: "age1example",
                signingKey: testKey(2).publicKey,
                jurisdiction: mexico
            )
        )
    }

    private func arming(owner: UInt8) throws -> SwitchArming {
        let trustee = SwitchArming.Trustee(
            signingKey: try testKey(5).publicKey,
            escrowKey: digest,
            proof: digest + digest
        )
        return SwitchArming(
            epoch: try epoch(),
            owner: try testKey(owner).publicKey,
            profile: .field,
            threshold: 3,
            policy: "quorum none\n",
            checkpoint: "a\n",
            trustees: [trustee, trustee],
            dealing: [9, 9],
            escrowDigest: digest,
            outerRecipient: "age1outer",
            caseRecipient: "age1case",
            senders: [try testKey(7).publicKey, try testKey(6).publicKey],
            successors: [try testKey(8).publicKey],
            words: [WordsRow(digest, digest.map { $0 ^ 1 })],
            token: SecretBytes(copying: digest)
        )
    }

    @Test func anIdBelongsToOneOwnerKeyOnly() throws {
        let stolen = try arming(owner: 2).payload
        #expect(throws: StatementError.invalidValue(field: "switch")) {
            try SwitchArming(payload: stolen)
        }
    }

    @Test func theIdIsTheHashOfLabelAndKey() throws {
        // SHA-256("resguardo/switch-id/v1\n" ‖ 32 zero bytes), by Python's hashlib.
        let key = try Ed25519.PublicKey([UInt8](repeating: 0, count: 32))
        #expect(
            SwitchID(owner: key).text
                == "39505ff5912deecd9e65f68ba90d95f02320d417ac0c4a37978fc138339a4dea"
        )
        #expect(SwitchID("ab") == nil)
        #expect(SwitchID(String(repeating: "A", count: 64)) == nil)
        #expect(SwitchID(String(repeating: "a", count: 64))?.bytes.count == 32)
    }

    @Test func countriesAreTwoCapitals() {
        for text in ["", "M", "mx", "MEX", "M1", "ÑÑ", "UK", "QZ", "XX"] {
            #expect(Jurisdiction(text) == nil)
        }
    }

    @Test func theFieldOfACheckInDependsOnTokenAndBody() throws {
        let epoch = try epoch()
        let token = SecretBytes(copying: digest)
        let other = SecretBytes(count: 32)
        let fields = [
            CheckIn(epoch: epoch, checkpoint: "a\n", token: token).field,
            CheckIn(epoch: epoch, checkpoint: "b\n", token: token).field,
            CheckIn(epoch: epoch, checkpoint: "a\n", token: other).field,
        ]
        #expect(Set(fields).count == 3)
        #expect(CheckIn(epoch: epoch, checkpoint: "a\n", token: token).field == fields[0])
    }
}
