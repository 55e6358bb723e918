// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Outside
import Synchronization
import Testing

/// A released case comes back whole although one of its nodes lies to the successor, who is told
/// which one.
@Suite(.serialized) struct LyingDeliveryTests {
    /// What the node does, told to its threads.
    private final class Mood: Sendable {
        let change = Mutex<LyingServer.Change?>(nil)
    }

    /// Whether a request is for the bytes of an item.
    private static func isItem(_ request: LyingServer.Request) -> Bool {
        request.method == "GET" && request.path.hasSuffix(".age")
    }

    /// Each with the code that `recover` ends with: what a bad line does as well is no alarm.
    private static let lies: [(name: String, code: Int32, change: LyingServer.Change)] = [
        (
            "wrong bytes", 3,
            { request, response in
                guard isItem(request), response.body.count > 40 else {
                    return LyingServer.honest(response)
                }
                var body = response.body
                body[body.count / 2] ^= 1
                return LyingServer.honest(response, body: body)
            }
        ),
        (
            "a truncated item", 5,
            { request, response in
                guard isItem(request) else { return LyingServer.honest(response) }
                return LyingServer.honest(response, body: response.body.dropLast(100))
            }
        ),
        (
            "no checkpoint of its own log", 3,
            { request, response in
                guard request.path.hasPrefix("/vault/") else { return LyingServer.honest(response) }
                return .status(200, Array("example.com/none\n0\nAAAA\n\n".utf8))
            }
        ),
    ]

    /// A second node, beside that of the fixture.
    private func makeNode(_ name: String, _ node: DepositFixture) throws -> String {
        let made = try ProgramRun(
            ["serve", "--init", "\(name).example/vault", "--home", node.folder.path(name)],
            in: node.folder.url
        )
        #expect(made.code == 0, "\(made.errors)")
        return made.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test func anotherNodesCopyIsUsedAndTheLiarIsNamed() throws {
        let node = try DepositFixture()
        let (folder, mood) = (node.folder, Mood())
        let last = Mutex<[UInt8]>([])
        let (server, goodKey) = (try node.startNode(), try makeNode("good", node))
        let good = try node.startNode(home: "good")
        let liar = try LyingServer.between(server.url) { request, response in
            guard let change = mood.change.withLock({ $0 }) else {
                return LyingServer.honest(response)
            }
            return change(request, response)
        }
        for name in ["one", "two"] {
            try Data(String(repeating: name, count: 500).utf8)
                .write(to: folder.url.appending(path: "\(name).txt"))
        }
        let stage = try ExchangeStage(folder) { must in
            try must(["remote", "add", "first", liar.url, "--log-key", node.logKey])
            try must(["remote", "add", "second", good.url, "--log-key", goodKey])
            try must(["deposit", "fosa", "one.txt"])
            try must(["deposit", "fosa", "two.txt"])
            try must(["sync"])
        }
        try stage.release()
        // Of two items of one size each is answered with the other one.
        let others: LyingServer.Change = { request, response in
            guard Self.isItem(request), response.status < 300 else {
                return LyingServer.honest(response)
            }
            return last.withLock { last in
                defer { last = response.body }
                let isOther = last.count == response.body.count
                return LyingServer.honest(response, body: isOther ? last : nil)
            }
        }
        for (number, lie) in (Self.lies + [("another's item", 3, others)]).enumerated() {
            mood.change.withLock { $0 = lie.change }
            let output = "out-\(number)"
            let run = try stage.run(
                ["recover", stage.id, "--identity", "heir/successor.key", "--output", output],
                at: "2026-01-07",
                home: "heir"
            )
            // Everything is there, from the other node; a lie is an alarm all the same.
            #expect(run.code == lie.code, "\(lie.name): \(run.code) \(run.errors)")
            #expect(run.errors.contains("\(liar.url): "), "\(lie.name): \(run.errors)")
            #expect(!run.errors.contains("\(good.url): "), "\(lie.name): \(run.errors)")
            try expectItems(in: output, of: folder, lie.name)
        }
        mood.change.withLock { $0 = nil }
        liar.stop()
        #expect(server.terminate() == 0 && good.terminate() == 0)
    }

    @Test func aNodeThatShowsAnotherHistoryIsNamed() throws {
        let node = try DepositFixture()
        let folder = node.folder
        let server = try node.startNode()
        let (goodKey, manager) = (try makeNode("good", node), FileManager.default)
        let good = try node.startNode(home: "good")
        let address = server.address
        for name in ["one", "two"] {
            try Data(String(repeating: name, count: 500).utf8)
                .write(to: folder.url.appending(path: "\(name).txt"))
        }
        // The node's disk, before anything came: from here on there will be two histories.
        #expect(server.terminate() == 0)
        try manager.copyItem(atPath: folder.path("node"), toPath: folder.path("fork"))
        let honest = try node.startNode(["--listen", address])
        let stage = try ExchangeStage(folder) { must in
            try must(["remote", "add", "first", honest.url, "--log-key", node.logKey])
            try must(["remote", "add", "second", good.url, "--log-key", goodKey])
            try must(["deposit", "fosa", "one.txt"])
            try must(["deposit", "fosa", "two.txt"])
            try must(["sync"])
        }
        try stage.release()
        let recover = ["recover", stage.id, "--identity", "heir/successor.key", "--output", "out"]
        try stage.must(recover, at: "2026-01-07", home: "heir")
        #expect(honest.terminate() == 0)
        let forked = try node.startNode(["--listen", address], home: "fork")
        try node.makeVault("stranger")
        try node.addRemote(forked, home: "stranger")
        for _ in 0..<4 { _ = try node.deposit(2000, home: "stranger") }
        try node.must(["sync"], home: "stranger")
        let run = try stage.run(recover, at: "2026-01-07", home: "heir")
        #expect(run.code == 3, "\(run.code) \(run.errors)")
        #expect(run.errors.contains("\(forked.url): "), "\(run.errors)")
        try expectItems(in: "out", of: folder, "a forked log")
        #expect(forked.terminate() == 0 && good.terminate() == 0)
    }

    private func expectItems(in output: String, of folder: TestFolder, _ lie: String) throws {
        let items = folder.path("\(output)/items")
        let names = try FileManager.default.subpathsOfDirectory(atPath: items)
        for name in ["one", "two"] {
            let path = try #require(names.first { $0.hasSuffix("/\(name).txt") }, "\(lie)")
            let text = try String(contentsOf: URL(filePath: "\(items)/\(path)"), encoding: .utf8)
            #expect(text == String(repeating: name, count: 500), "\(lie)")
        }
    }
}
