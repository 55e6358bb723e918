// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Sodium
import Storage
import Testing
import TransparencyLog

/// Three people, three nodes and three witnesses, each on a machine of its own.
@Suite(.serialized) struct NodeStoryTests {
    private struct Stage {
        static let people = ["elena", "diego", "marta"]
        static let nodes = ["a", "b", "c"]
        static let witnesses = ["w0", "w1", "w2"]
        private static let tls = [
            "--tls-certificate", "cert.pem", "--tls-key", "key.pem",
        ]

        let folder: TestFolder
        let net: Namespaces
        private let hosts: URL
        let keys: [String]

        init() throws {
            folder = try TestFolder()
            net = try Namespaces(9, in: folder)
            hosts = folder.url.appending(path: "hosts")
            let names = (Self.nodes + Self.witnesses).map { "\($0).example" }
            let lines = names.enumerated().map { "\(Namespaces.address(3 + $0)) \($1)\n" }
            try Data(lines.joined().utf8).write(to: hosts)
            try Data("eight words are enough for this here\n".utf8)
                .write(to: folder.url.appending(path: "phrase"))
            let made = try RequiredCommand(
                [
                    "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem", "-out",
                    "cert.pem", "-days", "2", "-subj", "/CN=example", "-addext",
                    "subjectAltName=" + names.map { "DNS:\($0)" }.joined(separator: ","),
                ],
                in: folder.url
            )
            #expect(made.code == 0)
            let place = folder.url
            func line(_ words: [String]) throws -> String {
                try ProgramRun(words, in: place).output
                    .trimmingCharacters(in: .whitespacesAndNewlines)
            }
            keys = try Self.nodes.map { [folder] in
                try line(["serve", "--init", "\($0).example/vault", "--home", folder.path($0)])
            }
            var lines2 = try Self.witnesses.map { [folder] name in
                let key = try line([
                    "witness", "init", "\(name).example", "--home", folder.path(name),
                ])
                return "witness \(name) \(key) https://\(name).example:8443"
            }
            lines2 += ["group most 2 w0 w1 w2", "quorum most", ""]
            for (name, key) in zip(Self.nodes, keys) {
                let policy = (["log \(key)"] + lines2).joined(separator: "\n")
                try Data(policy.utf8).write(to: folder.url.appending(path: "policy-\(name)"))
            }
        }

        func startWitness(_ index: Int) throws -> ServerProcess {
            try ServerProcess(
                ["witness", "serve", "--home", folder.path(Self.witnesses[index])]
                    + keys.flatMap { ["--log", $0] } + Self.tls
                    + ["--listen", "\(Namespaces.address(6 + index)):8443"],
                in: folder.url,
                launcher: net.launcher(6 + index, hosts: hosts)
            )
        }

        func startNode(_ index: Int, policy: String? = nil) throws -> ServerProcess {
            let name = Self.nodes[index]
            return try ServerProcess(
                [
                    "serve", "--home", folder.path(name), "--policy", policy ?? "policy-\(name)",
                    "--certificates", "cert.pem", "--witness-timeout", "2", "--listen",
                    "\(Namespaces.address(3 + index)):8443",
                ] + Self.tls,
                in: folder.url,
                launcher: net.launcher(3 + index, hosts: hosts)
            )
        }

        /// Runs a command of a person.
        func run(_ words: [String], _ person: String) throws -> ProgramRun {
            let asks = !["remote", "receipt", "log"].contains(words[0])
            let trusts = ["sync", "replica"].contains(words[0])
            let options =
                (asks ? ["--demo", "--passphrase-file", folder.path("phrase")] : [])
                + (trusts ? ["--certificates", "cert.pem"] : [])
            let index = Self.people.firstIndex(of: person) ?? 0
            return try ProgramRun(
                words + options + ["--home", folder.path(person)],
                in: folder.url,
                launcher: net.launcher(index, hosts: hosts)
            )
        }

        @discardableResult
        func must(_ words: [String], _ person: String) throws -> String {
            let run = try run(words, person)
            #expect(run.code == 0, "\(person) \(words): \(run.errors) \(run.output)")
            return run.output
        }

        func deposit(_ count: Int, _ person: String) throws -> String {
            let file = "file-\(UUID().uuidString)"
            try Data(randomBytes(count)).write(to: folder.url.appending(path: file))
            let output = try must(["deposit", "milpa", file, "--json"], person)
            let json = try JSONValue(parsing: Array(output.utf8.dropLast()))
            return try #require(json["item"]?.string)
        }

        /// A case of one person, given to the others; everybody knows all nodes.
        func share() throws {
            for person in Self.people { try must(["init"], person) }
            try must(["case", "create", "milpa", "--classic"], "elena")
            for person in ["diego", "marta"] {
                let recipient = try must(["case", "recipient"], person)
                try Data(recipient.utf8).write(to: folder.url.appending(path: "\(person).to"))
                try must(
                    [
                        "case", "share", "milpa", "--with", "\(person).to", "--output",
                        "\(person).share",
                    ],
                    "elena"
                )
                try must(["case", "accept", "\(person).share"], person)
            }
            for person in Self.people {
                for (name, key) in zip(Self.nodes, keys) {
                    // Marta relies on what she saw herself, and on no witness of the third node.
                    let trust =
                        person == "marta" && name == "c"
                        ? ["--log-key", key] : ["--policy", "policy-\(name)"]
                    try must(
                        ["remote", "add", name, "https://\(name).example:8443"] + trust,
                        person
                    )
                }
            }
        }
    }

    @Test func aSharedCaseOutlivesANodeThatIsSeizedAndOneThatForks() throws {
        guard Namespaces.areThere() else { return }
        let stage = try Stage()
        let manager = FileManager.default
        let witnesses = try (0..<3).map { try stage.startWitness($0) }
        var nodes = try (0..<3).map { try stage.startNode($0) }
        try stage.share()
        let log = stage.folder.path("c/node-vault/log")
        try manager.copyItem(atPath: log, toPath: stage.folder.path("old"))
        var items = try Stage.people.map { try stage.deposit(300_000, $0) }
        for person in Stage.people + ["elena", "diego"] { try stage.must(["sync"], person) }
        for person in Stage.people {
            let list = try stage.must(["list", "milpa", "--json"], person)
            for item in items { #expect(list.contains(item)) }
        }
        // The second node is seized, with all that is on it.
        nodes[1].kill()
        try manager.removeItem(atPath: stage.folder.path("b"))
        let seized = try stage.run(["sync"], "elena")
        #expect(seized.code == 5 && seized.output.contains("a: 0 item(s) sent"), "\(seized.output)")
        // The third one sets its log back and grows it another way. Witnesses do not go along.
        #expect(nodes[2].terminate() == 0)
        try manager.removeItem(atPath: log)
        try manager.moveItem(atPath: stage.folder.path("old"), toPath: log)
        try manager.removeItem(atPath: stage.folder.path("c/node"))
        do {
            let key = try Data(contentsOf: URL(filePath: stage.folder.path("c/node-vault/key")))
            let forked = try TiledLog.open(
                directory: log,
                signer: try NoteSigner(parsing: SecretBytes(copying: Array(key)))
            )
            _ = try forked.append(NodeFixture.entries(0..<9), time: 1)
        }
        nodes[2] = try stage.startNode(2)
        #expect(try eventually { try nodes[2].log().contains("quorum-lost") })
        #expect(try stage.run(["sync", "--remote", "c"], "diego").code == 5)
        // So its operator shows the other history without them.
        #expect(nodes[2].terminate() == 0)
        try Data("log \(stage.keys[2])\nquorum none\n".utf8)
            .write(to: stage.folder.url.appending(path: "alone"))
        nodes[2] = try stage.startNode(2, policy: "alone")
        #expect(
            try eventually { try stage.run(["sync", "--remote", "c"], "diego").code == 3 }
        )
        let alarm = try stage.run(["sync", "--remote", "c"], "marta")
        #expect(alarm.code == 3 && alarm.output.contains("two histories"), "\(alarm.output)")
        let seen = stage.folder.path("marta/seen")
        let evidence = try #require(
            try manager.subpathsOfDirectory(atPath: seen).first { $0.contains("fork-") }
        )
        let proof = ["log", "verify-proof", "\(seen)/\(evidence)", "--log-key", stage.keys[2]]
        #expect(try stage.must(proof, "diego").contains("two histories"))
        // The first one is enough: the case goes on, and gives back what a device lost.
        items.append(try stage.deposit(1_200_000, "elena"))
        try stage.must(["sync", "--remote", "a"], "elena")
        let lost = items[0]
        let place = "diego/colleagues/objects/\(lost.prefix(2))/\(lost).age"
        try manager.removeItem(atPath: stage.folder.path(place))
        let mended = try stage.must(["sync", "--remote", "a"], "diego")
        #expect(mended.contains("REPAIRED: \(lost)") && mended.contains("1 taken in"))
        try stage.must(["verify", "--full"], "diego")
        try stage.must(["get", "milpa", items[3], "--output", "out"], "diego")
        try stage.must(["replica", "challenge", "--remote", "a"], "elena")
        for process in [nodes[0], nodes[2]] + witnesses { #expect(process.terminate() == 0) }
    }
}
