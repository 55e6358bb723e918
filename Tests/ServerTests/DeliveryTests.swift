// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Testing

/// A released case comes back from a node to a successor who has a key and nothing else.
@Suite(.serialized) struct DeliveryTests {
    @Test func everyItemComesBackFromANodeWithInstructionsFirst() throws {
        let node = try DepositFixture()
        let server = try node.startNode()
        let folder = node.folder
        try Data("what was found at the site\n".utf8)
            .write(to: folder.url.appending(path: "evidence.txt"))
        try Data("# Primero\nLlama a Ana.\n".utf8).write(to: folder.url.appending(path: "words"))
        let stage = try ExchangeStage(folder) { must in
            try must(["remote", "add", "node", server.url, "--log-key", node.logKey])
            try must(["deposit", "fosa", "evidence.txt"])
            // Items of before a rotation come back too.
            try must(["case", "rotate", "fosa"])
            try must(["deposit", "fosa", "pass"])
            try must(["switch", "instructions", "fosa", "--file", "words"])
            try must(["sync"])
        }
        try stage.release()
        let recover = [
            "recover", stage.id, "--identity", "heir/successor.key", "--output", "out",
        ]
        // The node is silent: the keys are there, and it is run again later.
        let address = server.address
        server.kill()
        let time = "2026-01-07"
        let alone = try stage.run(recover + ["--json"], at: time, home: "heir")
        #expect(alone.code == 5, "\(alone.errors)")
        #expect(FileManager.default.fileExists(atPath: folder.path("out/case.key")))
        let again = try node.startNode(["--listen", address])
        let output = try stage.must(recover, at: time, home: "heir")
        #expect(output.hasPrefix("# Primero\nLlama a Ana.\n"))
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path("out/items"))
        #expect(names.contains { $0.hasSuffix("evidence.txt") })
        #expect(names.contains { $0.hasSuffix("/pass") })
        // Once more: everything stays as it is.
        let once = try stage.must(recover + ["--json"], at: time, home: "heir")
        let json = try JSONValue(parsing: Array(once.utf8.dropLast()))
        #expect(json["items"]?.array?.count == 3)
        #expect(again.terminate() == 0)
        try verifyBag(of: json, in: folder)
        // The successor says so.
        let receipt = ["successor", "receipt", stage.id, "--identity", "heir/successor.key"]
        #expect(try stage.must(receipt, at: time, home: "heir").contains("RELEASED"))
        let stranger = [
            "successor", "init", "--plain", "--jurisdiction", "US", "--output", "other",
        ]
        let made = try ProgramRun(stranger, in: folder.url)
        #expect(made.code == 0, "\(made.errors)")
        let wrong = ["successor", "receipt", stage.id, "--identity", "other/successor.key"]
        #expect(try stage.run(wrong, at: time, home: "heir").code == 4)
    }

    /// One bag of the one depositor's items, though the nodes do not have the depositor's
    /// checkpoints: two programs say that it is right.
    private func verifyBag(of json: JSONValue, in folder: TestFolder) throws {
        let bags = try #require(json["bags"]?.array).compactMap(\.string)
        #expect(bags.count == 1)
        let bag = try #require(bags.first)
        let verified = try ProgramRun(["bag", "verify", bag, "--json"], in: folder.url)
        #expect(verified.code == 0, "\(verified.errors)")
        let contents = try JSONValue(parsing: Array(verified.output.utf8.dropLast()))
        #expect(contents["items"]?.array?.count == 3)
        #expect(contents["byDepositor"] == .boolean(false))
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let script = root.appending(path: "scripts/verify/verify.py").path
        let process = Process()
        let line = try TestPython.start(process, [script, bag], in: folder.url)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0 && line.contains("VERIFIED: 3 item"), "\(line)")
    }
}
