// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Testing

/// Nodes with logs of switches and three witnesses whose clocks can be moved, an owner, trustees
/// and a successor.
final class SwitchStage {
    private static let witnessNames = ["w0", "w1", "w2"]
    private static let phrase = "eight words are enough for this here\n"

    let folder: TestFolder
    let nodes: [String]
    /// Where the trustees live.
    let countries: [String]
    private var witnesses: [ServerProcess] = []
    private var addresses: [String] = []
    private var running: [String: ServerProcess] = [:]
    private var places: [String: String] = [:]
    let keys: [String]
    private let witnessKeys: [String]
    /// The switch that was armed last.
    private(set) var id = ""
    private(set) var invitations: [String: String] = [:]
    /// Where a node is reached, if not where it listens.
    var urls: [String: String] = [:]
    /// Told who asks next.
    var onRun: (String) -> Void = { _ in }

    /// Whether witnesses' clocks can be moved here.
    static func isPossible() -> Bool {
        if FileManager.default.isExecutableFile(atPath: "/usr/bin/faketime") { return true }
        print("skipped: faketime is not installed")
        #expect(ProcessInfo.processInfo.environment["CI"] == nil)
        return false
    }

    private let heartbeatSeconds: Int

    init(
        nodes: [String] = ["a", "b"],
        countries: [String] = ["MX", "MX", "US", "DE", "AR"],
        heartbeatSeconds: Int = 3600
    ) throws {
        self.nodes = nodes
        self.countries = countries
        self.heartbeatSeconds = heartbeatSeconds
        folder = try TestFolder()
        let place = folder
        func line(_ words: [String]) throws -> String {
            let run = try ProgramRun(words, in: place.url)
            #expect(run.code == 0, "\(words): \(run.errors)")
            return run.output.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        keys = try nodes.map { name in
            try line([
                "serve", "--init", "\(name).example/switch", "--kind", "switch", "--home",
                place.path(name),
            ])
        }
        witnessKeys = try Self.witnessNames.map { name in
            try line(["witness", "init", "\(name).example", "--home", place.path(name)])
        }
        try Data(Self.phrase.utf8).write(to: folder.url.appending(path: "phrase"))
        try moveClocks("")
        for name in nodes { try startNode(name) }
    }

    /// Starts the witnesses again, so that their clocks run that much ahead: `+3d`.
    func moveClocks(_ offset: String) throws {
        for witness in witnesses { witness.kill() }
        witnesses = []
        for (index, name) in Self.witnessNames.enumerated() {
            let words =
                ["witness", "serve", "--home", folder.path(name)]
                + keys.flatMap { ["--log", $0] }
                + ["--listen", addresses.isEmpty ? "127.0.0.1:0" : addresses[index]]
            // The one before may take a moment to follow its launcher.
            var started: ServerProcess?
            let isStarted = eventually {
                started = try? ServerProcess(
                    words,
                    in: folder.url,
                    launcher: ServerProcess.clock(offset)
                )
                return started != nil
            }
            #expect(isStarted)
            witnesses.append(try #require(started))
        }
        addresses = witnesses.map(\.address)
    }

    /// Starts a node, where it was before.
    func startNode(_ name: String) throws {
        let index = try #require(nodes.firstIndex(of: name))
        try Data(policy([(keys[index], "")]).utf8)
            .write(to: URL(filePath: folder.path("\(name)/node-switch/policy")))
        let node = try ServerProcess(
            [
                "serve", "--home", folder.path(name), "--witness-timeout", "3", "--heartbeat",
                "\(heartbeatSeconds)", "--listen",
                places[name] ?? "127.0.0.1:0",
            ],
            in: folder.url
        )
        places[name] = node.address
        running[name] = node
    }

    func node(_ name: String) throws -> ServerProcess { try #require(running[name]) }

    func stopNode(_ name: String) throws {
        #expect(try node(name).terminate() == 0)
        running[name] = nil
    }

    /// A policy of some logs, with their URLs, and of all witnesses.
    func policy(_ logs: [(key: String, url: String)]) -> String {
        var lines = logs.map { $0.url.isEmpty ? "log \($0.key)" : "log \($0.key) \($0.url)" }
        for (index, key) in witnessKeys.enumerated() {
            lines.append("witness w\(index) \(key) http://\(addresses[index])")
        }
        return (lines + ["group most 2 w0 w1 w2", "quorum most", ""]).joined(separator: "\n")
    }

    /// Runs a command of a person.
    func run(_ words: [String], _ person: String) throws -> ProgramRun {
        onRun(person)
        let options = ["--demo", "--passphrase-file", folder.path("phrase")]
        let signsNothing = words[0] == "switch" && ["verify", "export"].contains(words[1])
        let asks = words[0] != "remote" && !signsNothing
        return try ProgramRun(
            words + (asks ? options : []) + ["--home", folder.path(person)],
            in: folder.url
        )
    }

    @discardableResult
    func must(_ words: [String], _ person: String) throws -> String {
        let run = try run(words, person)
        #expect(run.code == 0, "\(person) \(words): \(run.errors) \(run.output)")
        return run.output
    }

    /// The switch as anybody who has the invitation sees it; codes that a bad node brings about
    /// may be allowed.
    func status(_ person: String, of id: String? = nil, codes: Set<Int32> = [0]) throws -> JSONValue
    {
        let id = id ?? self.id
        let run = try run(
            [
                "switch", "status", id, "--invitation", try #require(invitations[id]), "--json",
            ],
            person
        )
        #expect(
            codes.contains(run.code) && !run.output.isEmpty,
            "\(person): \(run.errors) \(run.output)"
        )
        return try JSONValue(parsing: Array(run.output.utf8.dropLast()))
    }

    func state(
        _ person: String = "reader",
        of id: String? = nil,
        codes: Set<Int32> = [0]
    ) throws -> String {
        let status = try status(person, of: id, codes: codes)
        return status["switches"]?.array?.first?["state"]?.string ?? ""
    }

    /// When the owner spoke last, in somebody's eyes.
    func lastCheckIn(_ person: String) throws -> String {
        try status(person)["switches"]?.array?.first?["lastCheckIn"]?.string ?? ""
    }

    /// Waits until a person has seen a checkpoint that is newer than the owner's last word.
    func waitForNewerCheckpoint(_ person: String) throws {
        let isNewer = try eventually {
            let status = try status(person)
            let last = status["switches"]?.array?.first?["lastCheckIn"]?.string
            return try #require(status["witnessed"]?.string) > (try #require(last))
        }
        #expect(isNewer)
    }

    /// Has the owner make a case, and the trustees, once for all cases.
    func prepare() throws {
        try must(["init"], "owner")
        for (name, key) in zip(nodes, keys) {
            let url = try urls[name] ?? node(name).url
            try Data(policy([(key, "\(url)/switch")]).utf8)
                .write(to: folder.url.appending(path: "policy-\(name)"))
            try must(["remote", "add", name, url, "--policy", "policy-\(name)"], "owner")
        }
        for index in countries.indices { try must(["trustee", "init"], "t\(index)") }
    }

    /// Arms a switch of all trustees on all nodes.
    ///
    /// - Returns: The switch.
    @discardableResult
    func arm(_ caseName: String = "fosa", isClassic: Bool = true) throws -> String {
        if !FileManager.default.fileExists(atPath: folder.path("owner")) { try prepare() }
        let classic = isClassic ? ["--classic"] : []
        try must(["case", "create", caseName, "--profile", "field"] + classic, "owner")
        let card = caseName == "fosa" ? "newsroom" : "newsroom-\(caseName)"
        let successor = ["successor", "init", "--plain", "--jurisdiction", "CH", "--output", card]
        try must(successor + classic, "heir")
        let invitation = self.invitation(caseName)
        let remotes = nodes.flatMap { ["--remote", $0] }
        try must(["switch", "arm", caseName, "--invitation", invitation] + remotes, "owner")
        for (index, country) in countries.enumerated() {
            try must(
                [
                    "trustee", "accept", invitation, "--jurisdiction", country, "--output",
                    "\(invitation)-\(index)",
                ],
                "t\(index)"
            )
        }
        let output = try must(
            ["switch", "arm", caseName, "--successor", "\(card)/successor.card", "--json"]
                + countries.indices.flatMap { ["--trustee", "\(invitation)-\($0)"] },
            "owner"
        )
        let json = try JSONValue(parsing: Array(output.utf8.dropLast()))
        id = try #require(json["switch"]?.string)
        #expect(json["receipts"]?.integer == Int64(nodes.count))
        #expect(json["counted"]?.boolean == true)
        invitations[id] = invitation
        return id
    }

    /// The file by which a case's trustees were invited.
    private func invitation(_ caseName: String) -> String {
        caseName == "fosa" ? "invitation" : "invitation-\(caseName)"
    }
}
