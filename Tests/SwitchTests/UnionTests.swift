// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Sodium
import Statements
import Switch
import Testing
import TransparencyLog

/// Several logs of one switch, read as one.
@Suite struct UnionTests {
    /// Two logs and three witnesses.
    private final class World {
        let signers = ["a.example/switch", "b.example/switch"].map { name in
            (try? KeyName(name)).map { NoteSigner(name: $0, key: Ed25519.SecretKey()) }
        }
        let witnesses = ["w0.example", "w1.example", "w2.example"].map { name in
            (try? KeyName(name)).map { Cosigner(name: $0, key: Ed25519.SecretKey()) }
        }
        let capability = SwitchCapability()
        let owner = Ed25519.SecretKey()
        let policy: LogPolicy

        init() throws {
            var lines = try signers.map { "log \(try #require($0).verifier.encoded)" }
            for (index, witness) in witnesses.enumerated() {
                lines.append("witness w\(index) \(try #require(witness).verifier.encoded)")
            }
            lines += ["group most 2 w0 w1 w2", "quorum most", ""]
            policy = try LogPolicy(parsing: Array(lines.joined(separator: "\n").utf8))
        }

        func statement(_ until: Int64) throws -> Envelope {
            try Hold(
                epoch: SwitchEpoch(id: SwitchID(owner: owner.publicKey), number: 1),
                until: until,
                checkpoint: "c",
                token: SecretBytes(random: 32)
            ).signed(by: owner)
        }

        /// A checkpoint of a log, cosigned by the first witnesses at these times.
        func note(_ log: Int, root: LogHash, times: [Int64]) throws -> SignedNote {
            let signer = try #require(signers[log])
            let text = Checkpoint(origin: signer.verifier.name, size: 1, root: root).text
            let cosignatures = try zip(witnesses, times).map { witness, time in
                try #require(witness).cosign(text, time: time)
            }
            return SignedNote(text: text, signatures: [signer.sign(text)] + cosignatures)
        }

        /// A statement as the only entry of a log.
        func text(_ envelope: Envelope, _ log: Int, times: [Int64]) throws -> SwitchText {
            let origin = try #require(signers[log]).verifier.name.description
            let leaf = LogHash.leaf(capability.entry(of: envelope, origin: origin))
            let note = try note(log, root: leaf, times: times)
            return SwitchText(envelope, TlogProof(index: 0, hashes: [], note: note))
        }

        func log(_ texts: [SwitchText], _ notes: [SignedNote] = []) -> WitnessedLog {
            WitnessedLog(texts: texts, capability, checkpoints: notes, policy: policy)
        }
    }

    @Test func theEarliestWitnessedInclusionCounts() throws {
        let world = try World()
        let (first, second) = (try world.statement(1), try world.statement(2))
        let texts = [
            try world.text(second, 0, times: [150, 150, 150]),
            try world.text(first, 0, times: [300, 310, 320]),
            try world.text(first, 1, times: [100, 110, 900]),
        ]
        for order in [texts, texts.reversed()] {
            let log = world.log(order)
            #expect(log.entries.map(\.bytes) == [first.bytes, second.bytes])
            #expect(log.entries.map(\.time) == [110, 150])
            #expect(log.entries.map(\.leaf) == [0, 1])
            #expect(log.presence == [[150, 310], [110]])
        }
    }

    @Test func anOutageIsWhatNoLogWasSeenIn() throws {
        let world = try World()
        let text = try world.text(try world.statement(1), 0, times: [0, 0, 0])
        let hour: Int64 = 3600
        func outages(_ logs: [[Int64]]) -> [Outage] {
            let names = world.policy.origins
            let sightings = logs.map { $0.compactMap { Sighting([$0, $0, $0]) } }
            return WitnessedLog(
                texts: [text],
                world.capability,
                checkpoints: [],
                presence: Dictionary(uniqueKeysWithValues: zip(names, sightings)),
                policy: world.policy
            ).outages
        }
        #expect(outages([[hour, 3 * hour], [4 * hour]]) == [])
        let gap = Outage(since: hour, until: 3 * hour + 1)
        #expect(outages([[hour, 3 * hour + 1], []]) == [gap])
        // The other log was there.
        #expect(outages([[hour, 3 * hour + 1], [2 * hour]]) == [])
    }

    @Test func whatDoesNotVerifyIsLeftOut() throws {
        let world = try World()
        let statement = try world.statement(1)
        let minority = try world.text(statement, 0, times: [100])
        #expect(world.log([minority]).entries.isEmpty)
        let text = try world.text(statement, 0, times: [100, 100])
        let other = try world.statement(2)
        let swapped = SwitchText(other, text.proof)
        #expect(world.log([swapped]).entries.isEmpty)
        // Of another switch: its leaf stands under another capability.
        let stranger = WitnessedLog(
            texts: [text],
            SwitchCapability(),
            checkpoints: [],
            policy: world.policy
        )
        #expect(stranger.entries.isEmpty)
        #expect(world.log([text]).entries.count == 1)
        let elsewhere = try World()
        #expect(elsewhere.log([text]).entries.isEmpty)
    }

    @Test func nowIsWhatAMajorityOfAllWitnessesHasReached() throws {
        let world = try World()
        let root = LogHash.leaf([1])
        let note = try world.note(0, root: root, times: [100, 200, 300])
        #expect(world.log([], [note]).now == 200)
        let later = try world.note(1, root: root, times: [250, 90])
        #expect(world.log([], [note, later]).now == 250)
        // One witness alone cannot move time.
        #expect(world.log([], [try world.note(0, root: root, times: [900])]).now == nil)
        #expect(
            world.log([], [note, try world.note(1, root: root, times: [9_999_999])]).now == 300
        )
    }

    @Test func pagesAreReadAsTheyWereWritten() throws {
        let world = try World()
        let text = try world.text(world.statement(1), 0, times: [1, 1])
        #expect(SwitchText(parsing: text.bytes) == text)
        let page = TextPage.join([text.bytes, [7], text.bytes])
        #expect(TextPage.split(page) == [text.bytes, [7], text.bytes])
        #expect(TextPage.split([]) == [])
        for count in 1..<page.count where ![text.bytes.count + 4].contains(count) {
            let cut = TextPage.split(Array(page.prefix(count)))
            #expect(cut == nil || cut?.count ?? 3 < 3)
        }
        for bad in ["1", "0\n", "-1\n7", "2\n7", "99999999\n7", "x\n7"] {
            #expect(TextPage.split(Array(bad.utf8)) == nil)
        }
    }
}
