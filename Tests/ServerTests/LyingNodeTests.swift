// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Outside
import Statements
import Storage
import Synchronization
import Testing
import TransparencyLog
import Vault

/// What stands between an honest program and an honest server, or in the place of one, and lies.
@Suite(.serialized) struct LyingNodeTests {
    private typealias Change = LyingServer.Change

    /// The ways to lie, and what the program says of them.
    private static let lies: [(name: String, codes: Set<Int32>, change: Change)] = [
        (
            "half of each body", [5],
            { _, response in
                let half = Array(response.body.prefix(response.body.count / 2))
                return .status(response.status, half, announcing: response.body.count)
            }
        ),
        ("nothing at all", [5], { _, _ in .raw([]) }),
        ("no HTTP", [5], { _, _ in .raw(Array("\0\u{1}garbage\r\n\r\n".utf8)) }),
        (
            "endless headers", [5],
            { _, _ in
                .raw(Array(("HTTP/1.1 200 X\r\nA: " + String(repeating: "a", count: 1 << 20)).utf8))
            }
        ),
        (
            "a list that makes no sense", [5],
            { request, response in
                request.path.hasPrefix("/cases/") && request.method == "GET"
                    ? .status(200, Array("x -1\n../../etc/passwd 5 6\n".utf8))
                    : LyingServer.honest(response)
            }
        ),
        (
            "uploads that go elsewhere", [5],
            { request, response in
                response.status == 201
                    ? .status(201, [], ["Location: http://127.0.0.1:1/uploads/x"])
                    : LyingServer.honest(response)
            }
        ),
        (
            "offsets beyond the end", [3, 4, 5],
            { request, response in
                guard request.path.hasPrefix("/uploads/") else {
                    return LyingServer.honest(response)
                }
                return .status(response.status, [], ["Upload-Offset: 99999999999"])
            }
        ),
        (
            "tiles and checkpoints of nothing", [3, 5],
            { request, response in
                request.path.hasPrefix("/vault/")
                    ? .status(200, Array("example.com/none\n0\nAAAA\n\n".utf8))
                    : LyingServer.honest(response)
            }
        ),
        (
            "the receipt of another item", [3],
            { request, response in
                guard request.path.hasSuffix(".receipt"), response.status == 200 else {
                    return LyingServer.honest(response)
                }
                let text = String(decoding: response.body, as: UTF8.self)
                let wrong = text.replacing("\"size\":", with: "\"size\":1")
                return .status(200, Array(wrong.replacing("salt ", with: "salt A").utf8))
            }
        ),
    ]

    @Test func aNodeThatLiesIsNotBelievedAndNothingIsLost() throws {
        let fixture = try DepositFixture()
        let node = try fixture.startNode()
        try fixture.makeVault("elena")
        let item = try fixture.deposit(300_000, home: "elena")
        for (number, lie) in Self.lies.enumerated() {
            let liar = try LyingServer.between(node.url, lie.change)
            let name = "liar-\(number)"
            try fixture.must(
                ["remote", "add", name, liar.url, "--log-key", fixture.logKey],
                home: "elena"
            )
            let run = try fixture.run(["sync", "--remote", name], home: "elena")
            #expect(lie.codes.contains(run.code), "\(lie.name): \(run.code) \(run.output)")
            let receipt = fixture.folder.path("elena/remotes/\(name)/receipts/\(item).receipt")
            #expect(!FileManager.default.fileExists(atPath: receipt), "\(lie.name)")
            liar.stop()
            try fixture.must(["remote", "remove", name], home: "elena")
        }
        try fixture.addRemote(node, home: "elena")
        try fixture.must(["sync"], home: "elena")
        try fixture.must(["verify", "--full"], home: "elena")
        #expect(node.terminate() == 0)
    }

    @Test func answersThatComeInAnotherOrderAreRefused() throws {
        let fixture = try DepositFixture()
        let node = try fixture.startNode()
        try fixture.makeVault("elena")
        let items = try (0..<2).map { _ in try fixture.deposit(2000, home: "elena") }
        // Each receipt is answered with what was asked for before.
        let last = Mutex<[UInt8]>([])
        let liar = try LyingServer.between(node.url) { request, response in
            guard request.path.hasSuffix(".receipt"), response.status == 200 else {
                return LyingServer.honest(response)
            }
            return last.withLock { last in
                defer { last = response.body }
                return last.isEmpty ? .status(404) : .status(200, last)
            }
        }
        try fixture.must(
            ["remote", "add", "liar", liar.url, "--log-key", fixture.logKey],
            home: "elena"
        )
        let run = try fixture.run(["sync"], home: "elena")
        #expect(run.code == 3 && run.output.contains("does not verify"), "\(run.output)")
        let kept = try FileManager.default.contentsOfDirectory(
            atPath: fixture.folder.path("elena/remotes/liar/receipts")
        )
        for name in kept {
            let path = fixture.folder.path("elena/remotes/liar/receipts/\(name)")
            let receipt = try Receipt(parsing: Array(Data(contentsOf: URL(filePath: path))))
            let statement = try receipt.statement()
            #expect(name == Hex.encode(statement.ciphertextRoot) + ".receipt")
            #expect(items.contains(Hex.encode(statement.ciphertextRoot)))
        }
        liar.stop()
        #expect(node.terminate() == 0)
    }

    @Test func witnessesThatLieStallOrAnswerGarbageCountAsSilent() throws {
        let fixture = try NodeFixture()
        let log = try fixture.create()
        _ = try log.append(NodeFixture.entries(0..<5), time: 1)
        let names = ["w0", "w1", "w2", "w3", "w4", "w5"]
        let keys = try names.map { try fixture.makeWitness($0) }
        let good = try ["w0", "w1"].map { try fixture.startWitness($0) }
        let url = good[0].url
        let liars = [
            // Nothing; no sense; what another witness signed; a tree that is larger than any.
            try LyingServer { _ in .silence },
            try LyingServer { _ in .status(200, [0, 255, 10, 10]) },
            try LyingServer { request in
                let answer = try? HTTPClient().send(
                    .init(
                        url: url + request.path,
                        body: request.body,
                        countMax: 1 << 20,
                        timeoutMilliseconds: 10_000
                    )
                )
                return .status(answer?.status ?? 500, answer?.body ?? [])
            },
            try LyingServer { _ in .status(409, Array("18446744073709551615\n".utf8)) },
        ]
        let urls = good.map(\.url) + liars.map(\.url)
        let two = try fixture.writePolicy(Array(zip(keys, urls)), threshold: 2)
        let node = try fixture.startNode(two, ["--witness-timeout", "1"])
        func size() throws -> UInt64? {
            let answer = try node.get("/log/checkpoint")
            guard answer.status == 200 else { return nil }
            return try Checkpoint(parsing: try SignedNote(parsing: answer.body).text).size
        }
        #expect(try eventually { try size() == 5 })
        _ = try log.append(NodeFixture.entries(5..<9), time: 1)
        #expect(try eventually { try size() == 9 })
        let note = try SignedNote(parsing: try node.get("/log/checkpoint").body)
        let policy = try LogPolicy(parsing: Array(Data(contentsOf: URL(filePath: two))))
        #expect(try policy.verify(note).cosignatures.count == 2)
        #expect(node.terminate() == 0)
        // With three asked for, none of the four is one.
        let three = try fixture.writePolicy(Array(zip(keys, urls)), threshold: 3)
        let strict = try fixture.startNode(three, home: "strict", ["--witness-timeout", "1"])
        #expect(try eventually { try strict.log().contains("quorum-lost") })
        let line = try #require(
            try strict.log().split(separator: "\n").first { $0.contains("quorum-lost") }
        )
        for word in [
            #""w2":"unreachable""#, #""w3":"garbage""#, #""w4":"garbage""#, #""w5":"disagrees""#,
        ] {
            #expect(line.contains(word), "\(word) in \(line)")
        }
        #expect(try strict.get("/log/checkpoint").status == 503)
        #expect(strict.terminate() == 0)
        for liar in liars { liar.stop() }
        for witness in good { #expect(witness.terminate() == 0) }
    }
}
