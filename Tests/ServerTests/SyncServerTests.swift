// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Outside
import Sodium
import Storage
import Testing
import TransparencyLog
import Vault

/// Vaults that trade through a real node, which may be honest, careless or lying.
@Suite(.serialized) struct SyncServerTests {
    @Test func colleaguesSeeEachOthersItemsThroughANode() throws {
        let fixture = try DepositFixture()
        let node = try fixture.startNode()
        try fixture.makeVault("elena")
        try fixture.makeVault("diego", case: nil)
        let recipient = try fixture.must(["case", "recipient"], home: "diego")
        try Data(recipient.utf8).write(to: fixture.url("diego.recipient"))
        try fixture.must(
            ["case", "share", "milpa", "--with", "diego.recipient", "--output", "milpa.share"],
            home: "elena"
        )
        try fixture.must(["case", "accept", "milpa.share"], home: "diego")
        for home in ["elena", "diego"] { try fixture.addRemote(node, home: home) }
        let hers = try fixture.deposit(1_200_000, home: "elena")
        let his = try fixture.deposit(3000, home: "diego")
        let first = try fixture.must(["sync"], home: "elena")
        #expect(first.contains("1 item(s) sent, 1 receipt(s), 0 taken in"))
        let second = try fixture.must(["sync"], home: "diego")
        #expect(second.contains("1 item(s) sent, 1 receipt(s), 1 taken in"))
        let third = try fixture.must(["sync", "milpa", "--remote", "node"], home: "elena")
        #expect(third.contains("0 item(s) sent, 0 receipt(s), 1 taken in"))
        for home in ["elena", "diego"] {
            let list = try fixture.must(["list", "milpa", "--json"], home: home)
            #expect(list.contains(hers) && list.contains(his))
            try fixture.must(["verify", "--full"], home: home)
            try fixture.must(["get", "milpa", hers, "--output", "out-\(home)"], home: home)
        }
        // What rotted of a colleague's item is found by reading everything, and taken in again.
        let place = fixture.url("diego/colleagues/objects/\(hers.prefix(2))/\(hers).age")
        let whole = try Data(contentsOf: place)
        try ReplicaTests.damage(place)
        #expect(try fixture.run(["verify", "--full"], home: "diego").code == 6)
        try fixture.must(["sync"], home: "diego")
        #expect(try Data(contentsOf: place) != whole)
        try fixture.must(["sync", "--full"], home: "diego")
        #expect(try Data(contentsOf: place) == whole)
        try fixture.must(["verify", "--full"], home: "diego")
        // The node's receipt is one that anybody verifies, and it is the node's.
        let kept = fixture.folder.path("elena/remotes/node/receipts/\(hers).receipt")
        let verified = try fixture.must(
            ["receipt", "verify", kept, "--log-key", fixture.logKey],
            home: "elena"
        )
        #expect(verified.contains("log: node.example/vault+") && verified.contains("item: \(hers)"))
        // Nothing that the node keeps or writes down tells from which vaults the items came.
        let vaultLog = try String(contentsOf: fixture.url("elena/log.vkey"), encoding: .utf8)
        let name = try #require(vaultLog.split(separator: "+").first)
        let grep = try FileManager.default.subpathsOfDirectory(
            atPath: fixture.folder.path("node/node-vault")
        )
        for path in grep {
            let file = fixture.folder.path("node/node-vault/\(path)")
            guard let data = FileManager.default.contents(atPath: file) else { continue }
            #expect(data.range(of: Data(name.utf8)) == nil, "\(path)")
        }
        #expect(node.terminate() == 0)
        #expect(!(try node.log()).contains(hers.prefix(8)))
    }

    @Test func namesWhatANodeLostAndSendsItAgain() throws {
        let fixture = try DepositFixture()
        let node = try fixture.startNode()
        try fixture.makeVault("elena")
        try fixture.addRemote(node, home: "elena")
        let item = try fixture.deposit(4000, home: "elena")
        try fixture.must(["sync"], home: "elena")
        for suffix in ["age", "slip", "summary", "receipt"] {
            let path = try fixture.room().appending(path: "\(item).\(suffix)")
            try FileManager.default.removeItem(at: path)
        }
        let lost = try fixture.run(["sync"], home: "elena")
        #expect(lost.code == 3 && lost.output.contains("LOST") && lost.output.contains(item))
        let again = try fixture.must(["sync"], home: "elena")
        #expect(again.contains("0 item(s) sent"))
        let stored = try fixture.room().appending(path: "\(item).age")
        #expect(try Array(Data(contentsOf: stored)) == fixture.object(item, home: "elena"))
    }

    @Test func aForkedOrSetBackLogIsAnAlarmWithEvidence() throws {
        let fixture = try DepositFixture()
        let manager = FileManager.default
        var node = try fixture.startNode()
        try fixture.makeVault("elena")
        try fixture.addRemote(node, home: "elena")
        _ = try fixture.deposit(2000, home: "elena")
        try fixture.must(["sync"], home: "elena")
        let (vault, old) = (fixture.folder.path("node/node-vault/log"), fixture.folder.path("old"))
        try manager.copyItem(atPath: vault, toPath: old)
        _ = try fixture.deposit(2000, home: "elena")
        try fixture.must(["sync"], home: "elena")
        // The operator sets the log back, and lets it grow another way.
        #expect(node.terminate() == 0)
        let address = node.address
        try manager.removeItem(atPath: vault)
        try manager.moveItem(atPath: old, toPath: vault)
        try manager.removeItem(atPath: fixture.folder.path("node/node"))
        node = try fixture.startNode(["--listen", address])
        #expect(try eventually { try node.get("/vault/checkpoint").status == 200 })
        let back = try fixture.run(["sync"], home: "elena")
        #expect(back.code == 3 && back.output.contains("ALARM"), "\(back.output)")
        #expect(node.terminate() == 0)
        let key = try Data(contentsOf: fixture.url("node/node-vault/key"))
        do {
            // Closed before the node opens it.
            let log = try TiledLog.open(
                directory: vault,
                signer: try NoteSigner(parsing: SecretBytes(copying: Array(key)))
            )
            _ = try log.append(NodeFixture.entries(0..<5), time: 1)
        }
        node = try fixture.startNode(["--listen", address])
        #expect(try eventually { try node.get("/health").status == 200 })
        #expect(
            try eventually {
                let body = try node.get("/vault/checkpoint").body
                return String(decoding: body, as: UTF8.self).contains("\n7\n")
            }
        )
        let forked = try fixture.run(["sync"], home: "elena")
        #expect(forked.code == 3 && forked.output.contains("two histories"), "\(forked.output)")
        let seen = fixture.folder.path("elena/seen")
        let evidence = try #require(
            try manager.subpathsOfDirectory(atPath: seen).first { $0.contains("fork-") }
        )
        let verified = try fixture.must(
            ["log", "verify-proof", "\(seen)/\(evidence)", "--log-key", fixture.logKey],
            home: "reader"
        )
        #expect(verified.contains("two histories"))
    }

    @Test func trustsAKeyOnFirstUseOnlyWhenAsked() throws {
        let fixture = try DepositFixture()
        let node = try fixture.startNode()
        try fixture.makeVault("elena")
        let refused = try fixture.run(["remote", "add", "node", node.url], home: "elena")
        #expect(refused.code == 2)
        let taken = try fixture.must(
            ["remote", "add", "node", node.url, "--trust-first-use"],
            home: "elena"
        )
        #expect(taken.contains(fixture.logKey) && taken.contains("Nobody vouched"))
        let again = try fixture.run(
            ["remote", "add", "node", node.url, "--log-key", fixture.logKey],
            home: "elena"
        )
        #expect(again.code == 4)
        #expect(try fixture.must(["remote", "list"], home: "elena").contains(node.url))
        try fixture.must(["remote", "remove", "node"], home: "elena")
        #expect(try fixture.run(["sync"], home: "elena").code == 4)
        // A node with another key is not the one that was meant.
        let other = try DepositFixture()
        try fixture.must(
            ["remote", "add", "node", node.url, "--log-key", other.logKey],
            home: "elena"
        )
        _ = try fixture.deposit(100, home: "elena")
        let stranger = try fixture.run(["sync"], home: "elena")
        #expect(stranger.code != 0)
        #expect(
            try FileManager.default.subpathsOfDirectory(
                atPath: fixture.folder.path("node/node-vault/deposits/cases")
            ).isEmpty
        )
    }

    @Test func depositsWaitForTheirReceiptsWhileTheQuorumIsLost() throws {
        let fixture = try DepositFixture()
        let names = ["w0", "w1", "w2"]
        var keys: [String] = []
        for name in names {
            let run = try ProgramRun(
                ["witness", "init", "\(name).example", "--home", fixture.folder.path(name)],
                in: fixture.folder.url
            )
            keys.append(run.output.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        func start(_ name: String, _ listen: String) throws -> ServerProcess {
            try ServerProcess(
                [
                    "witness", "serve", "--log", fixture.logKey, "--home",
                    fixture.folder.path(name), "--listen", listen,
                ],
                in: fixture.folder.url
            )
        }
        var witnesses = try names.map { try start($0, "127.0.0.1:0") }
        let addresses = witnesses.map(\.address)
        var policy = "log \(fixture.logKey)\n"
        for (index, key) in keys.enumerated() {
            policy += "witness \(names[index]) \(key) \(witnesses[index].url)\n"
        }
        policy += "group most 2 w0 w1 w2\nquorum most\n"
        try Data(policy.utf8).write(to: fixture.url("policy"))
        let node = try fixture.startNode(["--policy", "policy", "--witness-timeout", "2"])
        try fixture.makeVault("elena")
        try fixture.must(["remote", "add", "node", node.url, "--policy", "policy"], home: "elena")
        let first = try fixture.deposit(100, home: "elena")
        try fixture.must(["sync"], home: "elena")
        let kept = fixture.url("elena/remotes/node/receipts/\(first).receipt")
        let receipt = try Receipt(parsing: Array(Data(contentsOf: kept)))
        let parsed = try LogPolicy(parsing: Array(policy.utf8))
        #expect(
            try receipt.proof.verify(leaf: receipt.leaf, policy: parsed).cosignatures.count >= 2
        )
        witnesses[0].kill()
        witnesses[1].kill()
        _ = try fixture.deposit(100, home: "elena")
        let waiting = try fixture.must(["sync"], home: "elena")
        #expect(waiting.contains("1 receipt(s) wait for witnesses"))
        witnesses[1] = try start("w1", addresses[1])
        #expect(
            try eventually {
                try fixture.must(["sync"], home: "elena").contains("0 item(s) sent, 1 receipt(s)")
            }
        )
        #expect(node.terminate() == 0)
    }
}
