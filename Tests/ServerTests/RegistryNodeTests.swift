// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Outside
import Registry
import Sodium
import Statements
import Synchronization
import Testing

/// A registry on a node: statements are handed in, signed by others, appended and read over HTTP.
@Suite(.serialized) struct RegistryNodeTests {
    private final class Stage {
        let fixture: NodeFixture
        let witness: ServerProcess
        let key: String
        private(set) var node: ServerProcess
        private var folder: TestFolder { fixture.folder }

        init() throws {
            let fixture = try NodeFixture()
            let folder = fixture.folder
            self.fixture = fixture
            try Data("eight words are enough for this here\n".utf8)
                .write(to: folder.url.appending(path: "phrase"))
            let origin = ["registry", "init", "--origin", "registry.example/log", "--json"]
            let made = try Self.run(origin, "op", folder)
            key = try #require(
                try JSONValue(parsing: Array(made.output.utf8.dropLast()))["vkey"]?.string
            )
            let witnessKey = try fixture.makeWitness("w")
            witness = try ServerProcess(
                ["witness", "serve", "--log", key, "--home", folder.path("w")],
                in: folder.url
            )
            let policy = "log \(key)\nwitness w \(witnessKey) \(witness.url)\nquorum w\n"
            try Data(policy.utf8).write(to: folder.url.appending(path: "policy"))
            node = try Self.start(folder, home: "op", address: "127.0.0.1:0")
        }

        private static func start(
            _ folder: TestFolder,
            home: String,
            address: String,
            policy: String = "policy"
        ) throws -> ServerProcess {
            try ServerProcess(
                [
                    "serve", "--collect", "1", "--home", folder.path(home), "--policy", policy,
                    "--passphrase-file", folder.path("phrase"), "--demo", "--listen", address,
                ],
                in: folder.url
            )
        }

        func restart(home: String, policy: String = "policy") throws {
            let address = node.address
            #expect(node.terminate() == 0)
            node = try Self.start(folder, home: home, address: address, policy: policy)
        }

        private static func run(
            _ words: [String],
            _ home: String,
            _ folder: TestFolder
        ) throws -> ProgramRun {
            let reads: Set<String> = [
                "follow", "audit", "status", "charter show", "charter trust", "snapshot verify",
                "incident list",
            ]
            let name =
                ["charter", "incident", "snapshot"].contains(words[1])
                ? words[1...2].joined(separator: " ") : words[1]
            let options =
                reads.contains(name)
                ? [] : ["--demo", "--passphrase-file", folder.path("phrase")]
            return try ProgramRun(
                words + options + ["--home", folder.path(home)],
                in: folder.url
            )
        }

        func run(_ words: [String], _ home: String) throws -> ProgramRun {
            try Self.run(words, home, folder)
        }

        @discardableResult
        func must(_ words: [String], _ home: String) throws -> String {
            let run = try run(words, home)
            #expect(run.code == 0, "\(home) \(words): \(run.errors) \(run.output)")
            return run.output
        }

        func follow(_ home: String) throws {
            try must(["registry", "follow", node.url, "--policy", "policy"], home)
        }

        /// Makes keys.
        ///
        /// - Returns: Their public halves, by name.
        func keys(_ names: [String], _ home: String) throws -> [String: String] {
            let output = try must(["registry", "key", "new"] + names, home)
            var keys: [String: String] = [:]
            for line in output.split(separator: "\n") {
                let words = line.split(separator: " ").map(String.init)
                if words.count >= 2 { keys[words[0]] = words[1] }
            }
            return keys
        }

        /// Entries of the log that a home sees.
        func size(_ home: String) throws -> Int64 {
            let output = try must(["registry", "audit", "--json"], home)
            return try JSONValue(parsing: Array(output.utf8.dropLast()))["size"]?.integer ?? -1
        }
    }

    private static let constituencies = ["academia", "international", "press", "rights"]

    @Test func statementsAreHandedInSignedAndReadOverHTTP() throws {
        let stage = try Stage()
        let council = try stage.keys(
            Self.constituencies.flatMap { ["root-\($0)", "seat-\($0)"] },
            "council"
        )
        try stage.must(["registry", "key", "new", "snapshot"], "op")
        let offices = try Self.constituencies.flatMap { name in
            [
                "--root", "\(name):\(try #require(council["root-\(name)"]))",
                "--seat", "\(name):\(try #require(council["seat-\(name)"]))",
            ]
        }
        try stage.must(
            ["registry", "charter", "create", "--snapshot-key", "snapshot", "--key", "operator"]
                + offices,
            "op"
        )
        for home in ["council", "v1", "reader"] { try stage.follow(home) }
        // What waits is there for those who have to sign.
        #expect(try stage.must(["registry", "sign"], "council").contains("charter number 1"))
        for name in Self.constituencies.prefix(3) {
            try stage.must(["registry", "sign", "--all", "--key", "root-\(name)"], "council")
        }
        #expect(try eventually { try stage.size("reader") == 1 })
        #expect(try stage.must(["registry", "charter", "show"], "reader").contains("charter 1"))

        // A verifier is accredited by people on three machines.
        let verifier = try #require(try stage.keys(["verifier"], "v1")["verifier"])
        try stage.must(
            [
                "registry", "verifier", "accredit", "--public-key", verifier, "--name", "Diario",
                "--kind", "newsroom", "--constituency", "press", "--key", "seat-press", "--key",
                "seat-rights", "--key", "seat-academia",
            ],
            "council"
        )
        let before = try stage.size("reader")
        try stage.must(["registry", "sign", "--all", "--key", "verifier"], "v1")
        #expect(try eventually { try stage.size("reader") > before })
        #expect(try stage.must(["registry", "audit"], "reader").contains("1 verifiers"))
        // Whoever follows no node reads the same log.
        let audit = try ProgramRun(
            [
                "log", "audit", stage.node.url + "/registry", "--policy", "policy", "--home",
                stage.fixture.folder.path("auditor"),
            ],
            in: stage.fixture.folder.url
        )
        #expect(audit.code == 0, "\(audit.errors)")
        try expectAWitnessedSnapshot(stage)
        try expectNoAccount(stage)
        try expectSealedIncidents(stage)
        try expectNoSnapshotAheadOfItsWitnesses(stage)
        #expect(stage.node.terminate() == 0)
    }

    /// What a platform is told holds up under the witnesses of who follows the node.
    private func expectAWitnessedSnapshot(_ stage: Stage) throws {
        // What was appended last is published once its witnesses signed.
        let create = ["registry", "snapshot", "create", "public", "--public", "--key", "snapshot"]
        #expect(try eventually { try stage.run(create, "op").code == 0 })
        try stage.must(["registry", "charter", "trust", "--output", "trust"], "reader")
        // The operator's own home says the same as one that follows it: by its node's policy.
        try stage.must(["registry", "charter", "trust", "--output", "own"], "op")
        let files = try ["trust", "own"].map { name in
            try String(contentsOf: stage.fixture.folder.url.appending(path: name), encoding: .utf8)
        }
        #expect(files[0] == files[1])
        #expect(files[0].contains("quorum w"))
        let verify = ["registry", "snapshot", "verify", "public", "--trust", "trust", "--public"]
        try stage.must(verify, "reader")
        let url = stage.fixture.folder.url.appending(path: "public")
        #expect(try String(contentsOf: url, encoding: .utf8).contains("\u{2014} w.example "))
    }

    /// A node carries sealed incidents that a statement names, and nothing else.
    private func expectSealedIncidents(_ stage: Stage) throws {
        let folder = stage.fixture.folder
        try Data(
            #"""
            {"title":"Amenazas","harm":"physical","grade":"high","from":"2026-10-05",
            "to":"2026-10-06"}
            """#.utf8
        ).write(to: folder.url.appending(path: "report.json"))
        try stage.must(["registry", "incident", "card", "--output", "card"], "v1")
        try stage.must(
            [
                "registry", "incident", "group", "prensa", "--basis", "event", "--card", "card",
                "--output", "prensa.group",
            ],
            "v1"
        )
        // The same organisation on another machine, which gets all it has from the node.
        try FileManager.default.copyItem(atPath: folder.path("v1"), toPath: folder.path("v1b"))
        let told = try stage.must(
            ["registry", "incident", "share", "report.json", "--group", "prensa.group", "--json"],
            "v1"
        )
        let value = try JSONValue(parsing: Array(told.utf8.dropLast()))
        let digest = try #require(value["digest"]?.string)
        let sealed = try #require(value["sealed"]?.string)
        #expect(
            try eventually {
                try stage.run(["registry", "incident", "list"], "reader").output.contains(digest)
            }
        )
        let opened = try stage.must(["registry", "incident", "open", digest], "v1b")
        #expect(opened.contains("Diario: Amenazas"))
        let path = "/registry/incidents/"
        let carried = try stage.node.get(path + sealed)
        #expect(carried.status == 200 && carried.body.starts(with: Data("age-encryption".utf8)))
        // Nobody makes it carry anything else, and what is there is given back as it came.
        #expect(try stage.node.post("/registry/incidents", carried.body).status == 200)
        let other = try stage.node.post("/registry/incidents", carried.body + [0x0a])
        #expect(other.status == 403 && other.body.starts(with: Data("unnamed".utf8)))
        let long = [UInt8](repeating: 0, count: (1 << 20) + 1)
        #expect(try stage.node.post("/registry/incidents", long).status >= 400)
        for name in [String(repeating: "0", count: 64), "..%2fkeys", ""] {
            #expect(try stage.node.get(path + name).status >= 400, "\(name)")
        }
    }

    /// What the witnesses have not signed yet goes into no snapshot; nor goes it out without them.
    private func expectNoSnapshotAheadOfItsWitnesses(_ stage: Stage) throws {
        #expect(stage.witness.terminate() == 0)
        let before = try stage.size("op")
        try stage.follow("eva")
        try stage.must(["registry", "source", "register"], "eva")
        #expect(try eventually { try stage.size("op") > before })
        let create = ["registry", "snapshot", "create", "ahead", "--public", "--key", "snapshot"]
        let ahead = try stage.run(create, "op")
        #expect(ahead.code == 4, "\(ahead.output)")
        #expect(ahead.errors.contains("witnesses signed "), "\(ahead.errors)")
        #expect(try stage.run(create + ["--no-witnesses"], "op").code == 2)
    }

    /// A source that hides registers and proves its account; no page of the node shows it.
    private func expectNoAccount(_ stage: Stage) throws {
        let account = "planted-7f3a9c"
        try stage.follow("ana")
        let made = try stage.must(["registry", "source", "register"], "ana")
        let before = try stage.size("reader")
        try stage.must(
            [
                "registry", "source", "prove", "--platform", "example", "--account", account,
                "--link-output", "ana.json",
            ],
            "ana"
        )
        try stage.must(["registry", "sign", "--all", "--link", "ana.json"], "v1")
        #expect(!made.contains(account) && before > 0)
        var (seen, waiting) = (Set<String>(), ["/", "/es/", "/en/", "/registry/checkpoint"])
        waiting += ["/registry/pending", "/registry/tile/0/000.p/\(before)"]
        waiting += (1...(before + 8)).map { "/registry/tile/entries/000.p/\($0)" }
        var pages = 0
        while let path = waiting.popLast() {
            guard seen.insert(path).inserted, seen.count < 500 else { continue }
            let answer = try stage.node.get(path)
            guard answer.status == 200 else { continue }
            pages += 1
            let body = String(decoding: answer.body, as: UTF8.self)
            for shown in [account, Data(account.utf8).base64EncodedString()] {
                #expect(!body.contains(shown), "\(path)")
            }
            #expect(!body.contains(Hex.encode(Array(account.utf8))), "\(path)")
            waiting += body.matches(of: /href="(\/[^"#]*)"/).map { String($0.1) }
            if path == "/registry/pending" {
                waiting += body.split(separator: "\n").compactMap { line in
                    line.split(separator: " ").first.map { "/registry/pending/\($0)" }
                }
            }
        }
        #expect(pages > 6)
    }

    /// Between the list of what waits and the statement itself, the log may have taken it.
    @Test func whatIsAppendedMeanwhileWaitsNoMore() throws {
        let stage = try Stage()
        let council = try stage.keys(
            Self.constituencies.flatMap { ["root-\($0)", "seat-\($0)"] } + ["snapshot"],
            "op"
        )
        let offices = try Self.constituencies.flatMap { name in
            [
                "--root", "\(name):\(try #require(council["root-\(name)"]))",
                "--seat", "\(name):\(try #require(council["seat-\(name)"]))",
            ]
        }
        try stage.must(
            ["registry", "charter", "create", "--snapshot-key", "snapshot", "--key", "operator"]
                + offices,
            "op"
        )
        let url = stage.node.url
        let isGone = Mutex(true)
        let isLying = Mutex(false)
        let front = try LyingServer { request in
            let isForFiles = request.method == "POST" && request.path == "/registry/files"
            if isForFiles, isGone.withLock({ $0 }) {
                let names = String(decoding: request.body, as: UTF8.self).split(separator: "\n")
                return .status(200, Array(names.map { "\($0) -\n" }.joined().utf8))
            }
            if isForFiles, isLying.withLock({ $0 }) { return .status(200, Array("x 1\na".utf8)) }
            let asked = HTTPClient.Request(
                url: url + request.path,
                body: isForFiles ? request.body : nil,
                countMax: 1 << 20,
                timeoutMilliseconds: 30_000
            )
            guard let answer = try? HTTPClient().send(asked) else { return .silence }
            return .status(answer.status, answer.body)
        }
        defer { front.stop() }
        try stage.must(["registry", "follow", front.url, "--policy", "policy"], "reader")
        #expect(!(try stage.must(["registry", "sign"], "reader").contains("charter number 1")))
        isGone.withLock { $0 = false }
        isLying.withLock { $0 = true }
        let fooled = try stage.run(["registry", "sign"], "reader")
        #expect(fooled.code == 5 && fooled.errors.contains("makes no sense"), "\(fooled)")
        isLying.withLock { $0 = false }
        #expect(try stage.must(["registry", "sign"], "reader").contains("charter number 1"))
        #expect(stage.node.terminate() == 0)
    }

    /// Strangers neither take the place of a signature nor fill up a statement or the node.
    @Test func aNodeKeepsRightSignaturesOnly() throws {
        let stage = try Stage()
        let keys = try stage.keys(Self.constituencies + ["snapshot"], "op")
        let offices = try Self.constituencies.flatMap { name in
            let key = try #require(keys[name])
            return ["--root", "\(name):\(key)", "--seat", "\(name):\(key)"]
        }
        try stage.must(
            [
                "registry", "charter", "create", "--snapshot-key", "snapshot", "--key", "press",
                "--key", "rights",
            ] + offices,
            "op"
        )
        func waiting() throws -> [(name: String, envelope: Envelope)] {
            let list = try stage.node.get("/registry/pending").body
            return try list.split(separator: 0x0a).map { line in
                let name = String(decoding: line.prefix { $0 != 0x20 }, as: UTF8.self)
                let bytes = try stage.node.get("/registry/pending/\(name)").body
                return (name, try Envelope(canonical: bytes))
            }
        }
        let before = try #require(try waiting().first?.envelope)
        #expect(before.signatures.count == 2)
        func hostile(_ ids: [String]) -> [UInt8] {
            let zero = JSONValue.string(Base64.encode([UInt8](repeating: 0, count: 64)))
            let value: JSONValue = [
                "payload": .string(Base64.encode(before.payload)),
                "payloadType": .string(before.payloadType),
                "signatures": .array(
                    ids.sorted().map { ["keyid": .string($0), "sig": zero] }
                ),
            ]
            return value.canonicalBytes
        }
        let own = before.signatures.map(\.keyID)
        let strange = (0..<32).map { Hex.encode([UInt8](repeating: $0, count: 32)) }
        for ids in [own, strange] {
            #expect(try stage.node.post("/registry/pending", hostile(ids)).status == 403)
        }
        #expect(try waiting().map(\.envelope) == [before])
        try stage.follow("council")
        // What waits for somebody whom nobody knows waits nowhere.
        let head = RegistryHead(
            context: RegistryState.context(of: "registry.example/log"),
            dayOf: 0
        )
        let leave = RevokeStatement(
            head: head,
            subject: randomBytes(32),
            reason: .subjectRequest
        )
        let key = Ed25519.SecretKey()
        let answer = try stage.node.post("/registry/pending", leave.signed(by: key).bytes)
        #expect(answer.status == 403)
        #expect(try waiting().count == 1)
        #expect(stage.node.terminate() == 0)
    }

    @Test func aNodeKeepsOutWhatTheRegistryWouldNeverTake() throws {
        let stage = try Stage()
        func post(_ bytes: [UInt8]) throws -> (Int, String) {
            let answer = try stage.node.post("/registry/pending", bytes)
            return (answer.status, String(decoding: answer.body, as: UTF8.self))
        }
        #expect(try post(Array("{}".utf8)) == (400, "unreadable\n"))
        let key = Ed25519.SecretKey()
        let switchy = try Hold(
            epoch: SwitchEpoch(id: SwitchID(owner: key.publicKey), number: 1),
            until: 1,
            checkpoint: "c",
            token: SecretBytes(random: 32)
        ).signed(by: key)
        #expect(try post(switchy.bytes) == (400, "unreadable\n"))
        let strange = RegistryHead(context: randomBytes(32), dayOf: 1_800_000_000)
        let register = try RegisterStatement(
            head: strange,
            key: key.publicKey.bytes,
            next: randomBytes(32),
            nonce: randomBytes(32)
        ).signed(by: key)
        #expect(try post(register.bytes) == (403, "other-registry\n"))
        let day = try BatchStatement(head: strange).signed(by: key)
        #expect(try post(day.bytes) == (403, "not-signed\n"))
        #expect(try stage.node.get("/registry/pending").body.isEmpty)
        #expect(try stage.node.get("/registry/pending/..%2fkeys").status >= 400)
        let wrong = ["", "\n", "A\n", "pending/x", String(repeating: "a\n", count: 513)]
        for question in wrong {
            #expect(try stage.node.post("/registry/files", Array(question.utf8)).status == 400)
        }
        let outside = "pending/../keys\nkeys/operator.age\nseals/\npending//a\n"
        let files = try stage.node.post("/registry/files", Array(outside.utf8))
        let none = outside.split(separator: "\n").map { "\($0) -\n" }.joined()
        #expect(files.status == 200 && String(decoding: files.body, as: UTF8.self) == none)
        #expect(stage.node.terminate() == 0)
    }

    @Test func aRegistryThatShowsTwoHistoriesIsAnAlarm() throws {
        let stage = try Stage()
        let folder = stage.fixture.folder
        let names = Self.constituencies
        let keys = try stage.keys(names + ["snapshot"], "op")
        // What only an operator can do: two logs out of one.
        try FileManager.default.copyItem(atPath: folder.path("op"), toPath: folder.path("other"))
        try FileManager.default.removeItem(atPath: folder.path("other/node"))
        for (home, days) in [("op", "3"), ("other", "4")] {
            let offices = try names.flatMap { name in
                let key = try #require(keys[name])
                return ["--root", "\(name):\(key)", "--seat", "\(name):\(key)", "--key", name]
            }
            try stage.must(
                [
                    "registry", "charter", "create", "--snapshot-key", "snapshot",
                    "--objection-days", days,
                ] + offices,
                home
            )
        }
        try stage.must(
            ["registry", "follow", stage.node.url, "--log-key", stage.key],
            "reader"
        )
        #expect(try eventually { try stage.size("reader") == 1 })
        try Data("log \(stage.key)\nquorum none\n".utf8)
            .write(to: folder.url.appending(path: "alone"))
        try stage.restart(home: "other", policy: "alone")
        #expect(try eventually { try stage.run(["registry", "audit"], "reader").code == 3 })
        let alarm = try stage.run(["registry", "audit"], "reader")
        #expect(alarm.errors.contains("two histories"), "\(alarm.errors)")
        #expect(stage.node.terminate() == 0)
    }
}
