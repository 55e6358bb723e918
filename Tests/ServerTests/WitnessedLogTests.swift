// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Outside
import Storage
import Testing
import TransparencyLog

/// A node with three witnesses: what is published, and what auditors see.
@Suite(.serialized) struct WitnessedLogTests {
    private func size(_ node: ServerProcess) throws -> UInt64? {
        let answer = try node.get("/log/checkpoint")
        guard answer.status == 200 else { return nil }
        return try Checkpoint(parsing: try SignedNote(parsing: answer.body).text).size
    }

    @Test func publishesWithAQuorumAndSaysWhenItIsLost() throws {
        let fixture = try NodeFixture()
        let log = try fixture.create()
        _ = try log.append(NodeFixture.entries(0..<5), time: 1)
        let names = ["w0", "w1", "w2"]
        let keys = try names.map { try fixture.makeWitness($0) }
        var witnesses = try names.map { try fixture.startWitness($0) }
        let addresses = witnesses.map(\.address)
        let policyFile = try fixture.writePolicy(
            zip(keys, witnesses).map { ($0, $1.url) },
            threshold: 2
        )
        let policy = try LogPolicy(parsing: Array(Data(contentsOf: URL(filePath: policyFile))))
        let node = try fixture.startNode(policyFile)
        #expect(try eventually { try size(node) == 5 })
        let note = try SignedNote(parsing: try node.get("/log/checkpoint").body)
        #expect(try policy.verify(note).cosignatures.count >= 2)

        // One witness down changes nothing.
        witnesses[0].kill()
        _ = try log.append(NodeFixture.entries(5..<9), time: 1)
        #expect(try eventually { try size(node) == 9 })
        #expect(try node.get("/health").status == 200)

        // Two down: the last published checkpoint stays, and the loss is said.
        witnesses[1].kill()
        _ = try log.append(NodeFixture.entries(9..<12), time: 1)
        #expect(try eventually { try node.get("/health").status == 503 })
        let health = String(decoding: try node.get("/health").body, as: UTF8.self)
        #expect(health == "log: quorum not reached, cosigned by 1\n")
        #expect(try size(node) == 9)
        #expect(try node.log().contains("quorum-lost"))

        // Back again.
        witnesses[1] = try fixture.startWitness("w1", listen: addresses[1])
        #expect(try eventually { try size(node) == 12 })
        #expect(try eventually { try node.get("/health").status == 200 })
        #expect(node.terminate() == 0)
    }

    @Test func auditorsSeeAForkAndKeepTheEvidence() throws {
        let fixture = try NodeFixture()
        let log = try fixture.create()
        _ = try log.append(NodeFixture.entries(0..<300), time: 1)
        let policy = try fixture.writePolicy([], threshold: 0)
        let node = try fixture.startNode(policy)
        #expect(try eventually { try size(node) == 300 })
        func run(_ words: [String], _ url: String) throws -> ProgramRun {
            try ProgramRun(
                ["log"] + words + [url, "--home", fixture.folder.path("reader")]
                    + ["--log-key", fixture.signer.verifier.encoded],
                in: fixture.folder.url
            )
        }
        let first = try run(["audit"], node.url + "/log")
        #expect(first.code == 0, "\(first.errors)")
        #expect(first.output.contains("every tile and every entry is right"))
        _ = try log.append(NodeFixture.entries(300..<420), time: 1)
        #expect(try eventually { try size(node) == 420 })
        let second = try run(["monitor"], node.url + "/log")
        #expect(second.code == 0 && second.output.contains("consistent with the 300"))

        // The operator shows another history, larger than the one seen.
        let other = try fixture.create(fixture.folder.path("other"))
        _ = try other.append(NodeFixture.entries(0..<299) + [Array("changed".utf8)], time: 1)
        _ = try other.append(NodeFixture.entries(300..<500), time: 1)
        let forked = try ServerProcess(
            [
                "serve", "--public-log", "log=\(fixture.folder.path("other"))", "--policy", policy,
                "--home", fixture.folder.path("forked"),
            ],
            in: fixture.folder.url
        )
        #expect(try eventually { try size(forked) == 500 })
        let third = try run(["monitor"], forked.url + "/log")
        #expect(third.code == 3)
        #expect(third.errors.contains("two histories"))
        let seen = fixture.folder.path("reader/seen/" + Hexadecimal.sha256("example.com/log"))
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: seen)
                .first { $0.hasPrefix("fork-") }
        )
        let proof = try run(["verify-proof"], "\(seen)/\(name)")
        #expect(proof.code == 0, "\(proof.errors)")
        // The same node refuses to publish a history that contradicts what it published.
        #expect(forked.terminate() == 0)
        try FileManager.default.removeItem(atPath: fixture.folder.path("log"))
        try FileManager.default.moveItem(
            atPath: fixture.folder.path("other"),
            toPath: fixture.folder.path("log")
        )
        #expect(try eventually { try node.get("/health").status == 503 })
        #expect(try eventually { try node.log().contains("log-contradicts-published") })
    }

    @Test func auditorsSeeASetBackAChangedTileAndASilentServer() throws {
        let fixture = try NodeFixture()
        let log = try fixture.create()
        _ = try log.append(NodeFixture.entries(0..<20), time: 1)
        let copy = fixture.folder.path("old")
        try FileManager.default.copyItem(atPath: fixture.directory, toPath: copy)
        _ = try log.append(NodeFixture.entries(20..<600), time: 1)
        let policy = try fixture.writePolicy([], threshold: 0)
        let node = try fixture.startNode(policy)
        #expect(try eventually { try size(node) == 600 })
        func run(_ words: [String]) throws -> ProgramRun {
            try ProgramRun(
                ["log"] + words + ["--home", fixture.folder.path("reader"), "--policy", policy],
                in: fixture.folder.url
            )
        }
        #expect(try run(["audit", node.url + "/log"]).code == 0)
        let old = try ServerProcess(
            [
                "serve", "--log", "log=\(copy)", "--policy", policy,
                "--home", fixture.folder.path("oldnode"),
            ],
            in: fixture.folder.url
        )
        #expect(try eventually { try size(old) == 20 })
        let back = try run(["monitor", old.url + "/log"])
        #expect(back.code == 3 && back.errors.contains("had 600"), "\(back.errors)")
        // One byte of a tile changes.
        let path = URL(filePath: fixture.directory + "/tile/0/001")
        var bytes = try Data(contentsOf: path)
        bytes[70] ^= 1
        try bytes.write(to: path)
        let changed = try run(["audit", node.url + "/log"])
        #expect(changed.code == 3 && changed.errors.contains("tile/0/001"), "\(changed.errors)")
        #expect(node.terminate() == 0)
        #expect(try run(["audit", node.url + "/log"]).code == 5)
    }
}
