// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Sodium
import Storage
import Testing
import TransparencyLog

/// The seizure drill, all in processes of their own.
///
/// Three nodes and three witnesses, an owner with two cases, seven trustees of whom four are
/// enough, a newsroom. One node is destroyed, one forks, three trustees are gone.
@Suite(.serialized) struct SeizureDrillTests {
    /// Where trustees are.
    private static let countries = ["MX", "MX", "US", "US", "DE", "AR", "CH"]
    private static let left = ["t0", "t1", "t2", "t3"]
    /// Whom the forked node shows its other log.
    private static let deceived: Set<String> = ["t1", "t3", "heir"]
    private static let names = ["lista de la fosa común.txt", "grabación.bin"]

    /// What the drill is done with.
    private final class Drill {
        let stage: SwitchStage
        let node: TwoFacedNode
        /// The default case's switch, and the classic one's.
        var ids: [String] = []
        let contents: [[UInt8]]
        private var isForked = false
        private var fork: ServerProcess?

        init() throws {
            stage = try SwitchStage(nodes: ["a", "b", "c"], countries: SeizureDrillTests.countries)
            node = try TwoFacedNode(stage.node("c").url)
            stage.urls["c"] = node.url
            contents = [Array("nombres, fechas y un mapa\n".utf8), randomBytes(200_000)]
            for (name, bytes) in zip(SeizureDrillTests.names, contents) {
                try Data(bytes).write(to: stage.folder.url.appending(path: name))
            }
        }

        /// Two cases with what was found, each with a switch; a copy of the files on a stick.
        func arm() throws {
            for (name, isClassic) in [("fosa", false), ("minas", true)] {
                ids.append(try stage.arm(name, isClassic: isClassic))
                try stage.must(["deposit", name] + SeizureDrillTests.names, "owner")
                let run = try stage.run(["switch", "check-in", name, "--json"], "owner")
                #expect(run.code == 0 && run.output.contains(#""receipts":3"#), "\(run.errors)")
            }
            try FileManager.default.copyItem(
                atPath: stage.folder.path("owner"),
                toPath: stage.folder.path("stick")
            )
        }

        /// Takes a node by force, forks another one, and three trustees with their machines.
        func seize() throws {
            let manager = FileManager.default
            try manager.copyItem(
                atPath: stage.folder.path("c"),
                toPath: stage.folder.path("fork")
            )
            // The node still runs when its store is gone; somebody speaks just then.
            try manager.removeItem(atPath: stage.folder.path("a"))
            try stage.must(["trustee", "drill", ids[0]], "t6")
            try stage.node("a").kill()
            // They have seen the log as the others do.
            for person in SeizureDrillTests.deceived { _ = try stage.status(person) }
            for index in 4...6 {
                try manager.removeItem(atPath: stage.folder.path("t\(index)"))
            }
            try startFork()
            stage.onRun = { [weak self] person in
                guard let self, let honest = try? stage.node("c").url else { return }
                let other = SeizureDrillTests.deceived.contains(person) ? fork?.url : nil
                node.show(other ?? honest)
            }
        }

        /// The same log as of now, grown another way, without the witnesses.
        private func startFork() throws {
            let place = stage.folder.path("fork/node-switch")
            try FileManager.default.removeItem(atPath: stage.folder.path("fork/node"))
            do {
                let key = try Data(contentsOf: URL(filePath: "\(place)/key"))
                let log = try TiledLog.open(
                    directory: "\(place)/log",
                    signer: try NoteSigner(parsing: SecretBytes(copying: Array(key)))
                )
                _ = try log.append(NodeFixture.entries(0..<5), time: 1)
            }
            try Data("log \(stage.keys[2])\nquorum none\n".utf8)
                .write(to: URL(filePath: "\(place)/policy"))
            fork = try ServerProcess(
                ["serve", "--home", stage.folder.path("fork"), "--witness-timeout", "1"],
                in: stage.folder.url
            )
        }

        /// Runs a command for each switch and trustee.
        ///
        /// Nodes that lie are an alarm, and stop nobody. What is expected is said by everybody, or
        /// when the last one has spoken.
        func all(_ words: [String], last: String? = nil, each: String = "") throws {
            for id in ids {
                for trustee in SeizureDrillTests.left {
                    let command = Array(words.prefix(2)) + [id] + words.dropFirst(2)
                    let run = try stage.run(command, trustee)
                    let isDeceived = SeizureDrillTests.deceived.contains(trustee)
                    #expect(run.code == (isDeceived ? 3 : 0), "\(command) \(trustee): \(run)")
                    #expect(run.errors.contains("two histories") == isDeceived, "\(run.errors)")
                    let expected = trustee == SeizureDrillTests.left.last ? last ?? each : each
                    let said = run.output + run.errors
                    #expect(expected.isEmpty || said.contains(expected), "\(trustee): \(run)")
                }
            }
        }

        func expectState(_ state: String, _ people: [String] = ["reader", "t1"]) throws {
            for id in ids {
                for person in people {
                    #expect(try stage.state(person, of: id, codes: [0, 3]) == state, "\(person)")
                }
            }
        }

        func stop() {
            node.stop()
            fork?.kill()
        }
    }

    @Test func aSeizedSwitchIsReleasedAndALastMinuteCheckInCallsItOff() throws {
        guard SwitchStage.isPossible() else { return }
        let drill = try Drill()
        defer { drill.stop() }
        try drill.arm()
        try drill.seize()
        try checkInAtTheLastMinute(drill)
        try release(drill)
        for (id, name) in zip(drill.ids, ["fosa", "minas"]) {
            try open(id, name, drill)
        }
    }

    /// All trustees who are left announce their release; then a text arrives by another way.
    ///
    /// No log beats while the witnesses' clocks are moved: 14 days are credited to each cycle.
    private func checkInAtTheLastMinute(_ drill: Drill) throws {
        let stage = drill.stage
        try stage.moveClocks("+17d")
        try drill.expectState("suspect")
        try drill.all(["trustee", "attest", "--taken"], last: "PENDING")
        try stage.moveClocks("+19d")
        try drill.all(["trustee", "release"], each: "announced")
        try drill.expectState("releasing")
        try stage.moveClocks("+\(19 * 24 * 60 + 58)m")
        for (id, name) in zip(drill.ids, ["fosa", "minas"]) {
            let words = ["switch", "check-in", name, "--output", "\(name).word"]
            #expect(try stage.must(words, "owner").contains("NOT COUNTED yet"))
            #expect(try stage.state("t0", of: id) == "releasing")
            // A messenger brings it to one trustee, who has it in the logs.
            #expect(
                try stage.must(["trustee", "import", id, "\(name).word"], "t0").contains("ARMED")
            )
        }
        try stage.moveClocks("+458h")
        try drill.expectState("armed")
        for id in drill.ids {
            for trustee in Self.left {
                let run = try stage.run(["trustee", "release", id], trustee)
                #expect(run.code == 4 && !run.errors.contains("share is out"), "\(run)")
            }
            let status = try stage.status("reader", of: id, codes: [0, 3])
            let shown = status["switches"]?.array?.first
            #expect(shown?["shares"]?.integer == 0)
            let steps = shown?["history"]?.array ?? []
            #expect(
                steps.contains { $0["from"]?.string == "releasing" && $0["to"]?.string == "armed" }
            )
        }
    }

    private func release(_ drill: Drill) throws {
        let stage = drill.stage
        try stage.moveClocks("+865h")
        try drill.expectState("suspect")
        try drill.all(["trustee", "attest", "--taken"], last: "PENDING")
        try stage.moveClocks("+913h")
        try drill.all(["trustee", "release"], each: "announced")
        try stage.moveClocks("+915h")
        try drill.all(["trustee", "release"], each: "your share is out")
        try drill.expectState("released", ["reader", "t1", "heir"])
    }

    /// The newsroom opens the files with age, and no program of ours but the plugin.
    private func open(_ id: String, _ name: String, _ drill: Drill) throws {
        let stage = drill.stage
        let card = name == "fosa" ? "newsroom" : "newsroom-\(name)"
        let recovered = try stage.run(
            [
                "recover", id, "--invitation", try #require(stage.invitations[id]), "--identity",
                "\(card)/successor.key", "--output", "out-\(name)", "--store", "stick",
            ],
            "heir"
        )
        #expect([0, 3].contains(recovered.code), "\(recovered)")
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/age") else {
            print("skipped: age is not installed")
            #expect(ProcessInfo.processInfo.environment["CI"] == nil)
            return
        }
        // The default case's keys are post-quantum, which Debian's age knows by its plugin.
        let convert = name == "fosa" ? "age-plugin-pq -identity" : "cat"
        let script = """
            set -e
            mkdir plain-\(name)
            export PATH=$PWD/bin:/usr/bin:/bin
            mkdir -p bin && ln -sf \(ServerProcess.binary.path) bin/age-plugin-pq
            \(convert) out-\(name)/outer.key > outer.\(name)
            \(convert) \(card)/successor.key > successor.\(name)
            age -d -i outer.\(name) out-\(name)/escrow.age > inner
            age -d -i successor.\(name) inner > case.\(name)
            \(convert) case.\(name) > key.\(name)
            cmp <(grep -v '^#' case.\(name)) <(grep -v '^#' out-\(name)/case.key)
            count=0
            for item in $(find stick/objects -type f); do
                age -d -i key.\(name) $item > item.tar 2>/dev/null || continue
                tar xf item.tar -C plain-\(name)
                count=$((count + 1))
            done
            test $count -gt 0
            """
        #expect(try RequiredCommand(["bash", "-c", script], in: stage.folder.url).code == 0)
        for (file, bytes) in zip(Self.names, drill.contents) {
            let path = stage.folder.path("plain-\(name)/original/\(file)")
            #expect(Array(try Data(contentsOf: URL(filePath: path))) == bytes)
        }
    }
}
