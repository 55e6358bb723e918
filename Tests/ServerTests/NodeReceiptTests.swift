// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Outside
import Testing

/// What a node's receipts are good for, and that each object gets one whatever the node forgets.
@Suite(.serialized) struct NodeReceiptTests {
    @Test func anObjectThatTheNodeForgotGetsItsReceiptWhenItIsOfferedAgain() throws {
        try Self.forget(DepositFixture(), [])
    }

    /// Has a node lose what reminds it of an object that waits for its receipt.
    static func forget(_ fixture: DepositFixture, _ options: [String]) throws {
        let policy = fixture.url("node/node-vault/policy")
        let plain = try Data(contentsOf: policy)
        let witness = try ProgramRun(
            ["witness", "init", "w.example", "--home", fixture.folder.path("w")],
            in: fixture.folder.url
        ).output.trimmingCharacters(in: .whitespacesAndNewlines)
        // A witness that never answers: the entry is in the log, and nobody may say so.
        let asking = "log \(fixture.logKey)\nwitness w \(witness) http://127.0.0.1:9\nquorum w\n"
        var node = try fixture.startNode(options)
        #expect(try eventually { try node.get("/vault/checkpoint").status == 200 })
        #expect(node.terminate() == 0)
        try Data(asking.utf8).write(to: policy)
        node = try fixture.startNode(options)
        try fixture.makeVault("elena")
        let item = try fixture.deposit(1_500_000, home: "elena")
        try fixture.addRemote(node, home: "elena")
        let waiting = try fixture.must(["sync"], home: "elena")
        #expect(waiting.contains("1 receipt(s) wait"), "\(waiting)")
        #expect(node.terminate() == 0)
        try FileManager.default.removeItem(at: fixture.url("node/node-vault/deposits/uploads"))
        try plain.write(to: policy)
        node = try fixture.startNode(options)
        try fixture.must(["remote", "remove", "node"], home: "elena")
        try fixture.addRemote(node, home: "elena")
        let after = try fixture.must(["sync"], home: "elena")
        #expect(after.contains("0 item(s) sent, 1 receipt(s)"), "\(after)")
        let receipt = fixture.folder.path("elena/remotes/node/receipts/\(item).receipt")
        let shown = try fixture.must(
            ["receipt", "verify", receipt, "--log-key", fixture.logKey],
            home: "elena"
        )
        // The entry that the log had already, and no second one.
        #expect(shown.contains("entry: 1\n"))
        let note = try node.get("/vault/checkpoint").body
        #expect(String(decoding: note, as: UTF8.self).split(separator: "\n")[1] == "2")
        #expect(node.terminate() == 0)
    }

    @Test func twoProcessesDoNotShareOneStore() throws {
        let fixture = try DepositFixture()
        var node = try fixture.startNode()
        try fixture.makeVault("elena")
        try fixture.addRemote(node, home: "elena")
        for _ in 0..<3 {
            let other = try ProgramRun(
                ["serve", "--home", fixture.folder.path("node"), "--listen", "127.0.0.1:0"],
                in: fixture.folder.url
            )
            #expect(other.code == 4 && other.errors.contains("another process has the log open"))
            _ = try fixture.deposit(1000, home: "elena")
            let sent = try fixture.must(["sync"], home: "elena")
            #expect(sent.contains("1 item(s) sent, 1 receipt(s)"), "\(sent)")
        }
        // One that was killed leaves nothing in the way.
        node.kill()
        node = try fixture.startNode()
        try fixture.must(["remote", "remove", "node"], home: "elena")
        try fixture.addRemote(node, home: "elena")
        #expect(try fixture.must(["sync"], home: "elena").contains("0 item(s) sent"))
        try fixture.must(["replica", "challenge"], home: "elena")
        #expect(node.terminate() == 0)
    }

    @Test func nodesReceiptsAreAnchorsAndTheirWitnessesSayWhen() throws {
        let fixture = try DepositFixture()
        let key = try ProgramRun(
            ["witness", "init", "w.example", "--home", fixture.folder.path("w")],
            in: fixture.folder.url
        ).output.trimmingCharacters(in: .whitespacesAndNewlines)
        let witness = try ServerProcess(
            ["witness", "serve", "--log", fixture.logKey, "--home", fixture.folder.path("w")]
                + ["--listen", "127.0.0.1:0"],
            in: fixture.folder.url
        )
        let policy = "log \(fixture.logKey)\nwitness w \(key) \(witness.url)\nquorum w\n"
        try Data(policy.utf8).write(to: fixture.url("policy"))
        let node = try fixture.startNode(["--policy", "policy"])
        try fixture.makeVault("elena")
        try fixture.must(["remote", "add", "node", node.url, "--policy", "policy"], home: "elena")
        _ = try fixture.deposit(100, home: "elena")
        try fixture.must(["sync"], home: "elena")
        let manager = FileManager.default
        try manager.copyItem(at: fixture.url("elena"), to: fixture.url("before"))
        let item = try fixture.deposit(200, home: "elena")
        try fixture.must(["sync"], home: "elena")
        let receipts = fixture.url("elena/remotes/node/receipts")
        let receipt = receipts.appending(path: "\(item).receipt")

        let right = try fixture.must(["verify", "--anchor", receipt.path], home: "elena")
        #expect(right.contains("anchors: 1 receipt(s)"))
        // The home was set back as a whole: the node's receipt, kept elsewhere, tells.
        let back = try fixture.run(["verify", "--anchor", receipt.path], home: "before")
        #expect(back.code == 6 && back.output.contains("SET BACK: \(receipt.path)"))
        // Set back without what nodes gave: nothing has to be kept elsewhere.
        try fixture.must(["verify"], home: "before")
        try manager.copyItem(
            at: receipt,
            to: fixture.url("before/remotes/node/receipts/\(item).receipt")
        )
        let forgotten = try fixture.run(["verify", "--json"], home: "before")
        #expect(forgotten.code == 6)
        #expect(forgotten.output.contains(#""problem":"node-receipt-absent""#))
        try Data("nothing".utf8)
            .write(to: fixture.url("before/remotes/node/receipts/\(item).receipt"))
        #expect(try fixture.run(["verify"], home: "before").output.contains("DAMAGED: remotes/"))

        let verify = ["receipt", "verify", receipt.path, "--policy", "policy"]
        let shown = try fixture.must(verify, home: "elena")
        #expect(shown.contains("existed no later than 20") && shown.contains("w.example"))
        let other = "log \(fixture.logKey)\nwitness w \(fixture.logKey)\nquorum w\n"
        try Data(other.utf8).write(to: fixture.url("policy"))
        #expect(try fixture.run(verify, home: "elena").code != 0)
        try Data("log \(fixture.logKey)\nquorum none\n".utf8).write(to: fixture.url("policy"))
        #expect(try fixture.run(verify, home: "elena").code == 2)
        try Data(policy.utf8).write(to: fixture.url("policy"))
        try Self.agree(fixture, receipt.path, shown)
        #expect(node.terminate() == 0)
        #expect(witness.terminate() == 0)
    }

    /// Asks the verifier that has nothing in common with ours.
    private static func agree(_ fixture: DepositFixture, _ path: String, _ shown: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let script = root.appending(path: "scripts/verify/verify.py").path
        func run(_ path: String) throws -> (code: Int32, output: String) {
            let process = Process()
            let output = Pipe()
            process.executableURL = URL(filePath: "/usr/bin/python3")
            process.arguments = [
                script, "receipt", path, "--policy", fixture.folder.path("policy"),
            ]
            process.standardOutput = output
            process.standardError = output
            try process.run()
            let bytes = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
        }
        let right = try run(path)
        #expect(right.code == 0, "\(right.output)")
        let line = try #require(right.output.split(separator: "\n").first { $0.contains("later") })
        let moment = try #require(line.split(separator: " ").first { $0.hasPrefix("20") })
        #expect(shown.contains(moment))
        // Any byte that is changed is noticed.
        let bytes = try Data(contentsOf: URL(filePath: path))
        for place in stride(from: 30, to: bytes.count, by: bytes.count / 12) {
            var changed = bytes
            changed[place] ^= 1
            try changed.write(to: fixture.url("changed"))
            let refused = try run(fixture.folder.path("changed"))
            #expect(refused.code == 3, "byte \(place): \(refused.output)")
        }
    }
}
