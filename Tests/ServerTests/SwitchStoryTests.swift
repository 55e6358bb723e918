// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Outside
import Sodium
import Statements
import Switch
import Synchronization
import Testing

/// A switch on two nodes with three witnesses, all in processes of their own.
@Suite(.serialized) struct SwitchStoryTests {
    @Test func aSwitchIsReleasedThoughANodeIsDestroyed() throws {
        guard SwitchStage.isPossible() else { return }
        let stage = try SwitchStage()
        try stage.arm()
        let id = stage.id
        #expect(try stage.state() == "armed")
        #expect(
            try stage.must(["switch", "verify", id, "--invitation", "invitation"], "reader")
                .contains("any 3 of 5")
        )
        let word = try stage.must(["switch", "check-in", "--json"], "owner")
        #expect(word.contains(#""counted":true"#) && word.contains(#""receipts":2"#))

        // One of two nodes is not enough to be counted.
        try stage.stopNode("b")
        let alone = try stage.run(["switch", "check-in"], "owner")
        #expect(alone.code == 5 && alone.output.contains("NOT COUNTED"), "\(alone.output)")
        // Whoever comes next brings it to the other node; then both have everything.
        try stage.startNode("b")
        try stage.must(["trustee", "attest", id, "--alive"], "t0")
        try stage.stopNode("a")
        let seen = try stage.must(
            ["switch", "status", id, "--invitation", "invitation"],
            "stranger"
        )
        #expect(seen.contains("ARMED"))
        try stage.startNode("a")

        // The owner is silent. The witnesses' clocks decide, and nobody else's.
        // No log beat in these days: to the readers all were down, which is credited to the owner.
        try stage.moveClocks("+3d")
        #expect(try stage.state() == "armed")
        // But for 14 days at most.
        try stage.moveClocks("+17d")
        #expect(try stage.state() == "suspect")
        for trustee in ["t0", "t1", "t2"] {
            try stage.must(["trustee", "attest", id, "--taken"], trustee)
        }
        #expect(try stage.state() == "pending")
        let early = try stage.run(["trustee", "release", id], "t1")
        #expect(early.code == 4)
        // A node is seized with all that is on it.
        try stage.stopNode("a")
        try FileManager.default.removeItem(atPath: stage.folder.path("a"))
        try stage.moveClocks("+19d")
        for trustee in ["t0", "t1", "t2"] {
            let said = try stage.must(["trustee", "release", id], trustee)
            #expect(said.contains("RELEASING"))
        }
        try stage.moveClocks("+459h")
        for trustee in ["t0", "t1", "t2"] {
            let run = try stage.run(["trustee", "release", id], trustee)
            #expect(run.errors.contains("your share is out"), "\(run.errors)")
        }
        #expect(try stage.state() == "released")
        try stage.must(
            [
                "recover", id, "--invitation", "invitation", "--identity",
                "newsroom/successor.key", "--output", "out",
            ],
            "heir"
        )
        let key = try String(contentsOfFile: stage.folder.path("out/case.key"), encoding: .utf8)
        #expect(key.contains("AGE-SECRET-KEY-1"))
    }

    @Test func whatIsCarriedByHandCountsAndWhatANodeHidesIsSeen() throws {
        guard SwitchStage.isPossible() else { return }
        let stage = try SwitchStage(heartbeatSeconds: 1)
        try stage.arm()
        let id = stage.id
        try stage.waitForNewerCheckpoint("owner")
        let before = try stage.lastCheckIn("reader")
        // Without a line, the check-in goes into a file, and a trustee brings it to the logs.
        for name in stage.nodes { try stage.stopNode(name) }
        let written = try stage.must(["switch", "check-in", "--output", "word"], "owner")
        #expect(written.contains("NOT COUNTED yet"))
        for name in stage.nodes { try stage.startNode(name) }
        let taken = try stage.must(["trustee", "import", id, "word", "--json"], "t0")
        #expect(taken.contains(#""counted":true"#) && taken.contains(#""refusedEntries":0"#))
        // All texts with all proofs, on a stick.
        let all = ["switch", "export", id, "--invitation", "invitation", "--output", "all"]
        try stage.must(all, "reader")
        #expect(try stage.must(["trustee", "import", id, "all"], "t1").contains("ARMED"))
        try Data("nothing".utf8).write(to: stage.folder.url.appending(path: "junk"))
        #expect(try stage.run(["trustee", "import", id, "junk"], "t1").code == 3)

        // A node hides the check-in; whoever has seen its proof notices, and has it all the same.
        try stage.stopNode("a")
        let folder = stage.folder.path("a/node-switch/switches")
        let manager = FileManager.default
        let texts = try manager.subpathsOfDirectory(atPath: folder)
            .filter { $0.contains("/texts/") && $0.split(separator: "/").count == 4 }.sorted()
        // The arming, five briefings, the check-in.
        #expect(texts.count == 7)
        try manager.removeItem(atPath: "\(folder)/\(try #require(texts.last))")
        try stage.startNode("a")
        let status = ["switch", "status", id, "--invitation", "invitation"]
        let alarm = try stage.run(status, "reader")
        #expect(alarm.code == 3 && alarm.output.contains("ARMED"), "\(alarm.output)")
        #expect(alarm.errors.contains("a.example/switch does not show"))
        // To somebody new, the other node shows everything.
        #expect(try stage.lastCheckIn("stranger") > before)
        // No capability, nothing at all.
        let stranger = "/switches/" + String(repeating: "0", count: 64)
        #expect(try stage.node("b").get(stranger).status == 404)
        #expect(try stage.node("b").get("/switch/tile/entries/000.p/1").status == 404)
        for name in stage.nodes { try stage.stopNode(name) }
    }

    @Test func aHeartbeatBeyondTheEndOfTheLogEndsNothing() throws {
        guard SwitchStage.isPossible() else { return }
        let stage = try SwitchStage(heartbeatSeconds: 1)
        let lies = Mutex(0)
        let liar = try LyingServer.between(stage.node("a").url) { request, response in
            guard request.path.contains("/heartbeats/"), response.status == 200,
                let note = TextPage.split(response.body)?.last
            else { return LyingServer.honest(response) }
            lies.withLock { $0 += 1 }
            let beyond = Array(String(UInt64.max).utf8)
            return LyingServer.honest(
                response,
                body: response.body + TextPage.join([beyond, note])
            )
        }
        stage.urls["a"] = liar.url
        try stage.arm()
        try stage.waitForNewerCheckpoint("reader")
        let status = try stage.run(
            ["switch", "status", stage.id, "--invitation", "invitation"],
            "reader"
        )
        #expect(status.code == 0 && status.output.contains("ARMED"), "\(status.errors)")
        #expect(lies.withLock { $0 } > 0)
        liar.stop()
        for name in stage.nodes { try stage.stopNode(name) }
    }

    @Test func aNodeKeepsOutWhatNobodyOfTheSwitchSigned() throws {
        guard SwitchStage.isPossible() else { return }
        let stage = try SwitchStage()
        try stage.arm()
        let node = try stage.node("b")
        let room = "/switches/" + String(repeating: "7", count: 64)
        func post(_ bytes: [UInt8]) throws -> String {
            let answer = try node.post(room, bytes + [0x0a])
            return "\(answer.status) " + String(decoding: answer.body, as: UTF8.self)
        }
        #expect(try post(Array("{}".utf8)) == "400 malformed\n")
        let key = Ed25519.SecretKey()
        let hold = try Hold(
            epoch: SwitchEpoch(id: SwitchID(owner: key.publicKey), number: 1),
            until: 1,
            checkpoint: "c",
            token: SecretBytes(random: 32)
        ).signed(by: key)
        #expect(try post(hold.bytes) == "403 notArmed\n")
        let invitation = try Data(contentsOf: stage.folder.url.appending(path: "invitation"))
        #expect(try post(Array(invitation.dropLast())) == "403 notArmed\n")
        for name in stage.nodes { try stage.stopNode(name) }
    }
}
