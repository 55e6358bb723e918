// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import FeedKernels
import Foundation
import Testing

/// Resguardo's own co-share rule against its plain reading, planted groups and shuffled data.
@Suite struct TimingNetworkTests {
    private static let reference = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "scripts/verify/detection.py")

    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8, 9, 10])
    func agreesWithReferenceOnRandomShares(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let society = Society(&generator, groups: 2, orders: 12)
        let rows = try Self.reference(csv(society.text))
        let network = try Self.network(society.text, cores: .parallel)
        try #require(rows.count > 10, "seed \(seed)")
        try #require(rows.count == network.edges.count, "seed \(seed)")
        for (row, edge) in zip(rows, network.edges) {
            let accounts = network.shares.accounts
            #expect(row[0] == accounts.text(edge.from), "seed \(seed)")
            #expect(row[1] == accounts.text(edge.to), "seed \(seed)")
            let counts = [edge.weight, edge.episodeCount, edge.tellingCount].map { "\($0)" }
            #expect(Array(row[2...4]) == counts, "seed \(seed)")
            for (text, value) in zip(row[5...7], [edge.expected, edge.timing, edge.choice]) {
                let expected = try #require(Double(text))
                #expect(abs(expected - value) <= 1e-5 * expected, "seed \(seed): \(text) \(value)")
            }
            #expect(row[8] == edge.kind.rawValue, "seed \(seed)")
        }
        let members = try Self.reference(csv(society.text), "--accounts").filter { $0[1] != "" }
        let found = network.communities.enumerated().flatMap { index, community in
            [(community.core, "core"), (community.attached, "attached")].flatMap { list, role in
                list.map { (member: $0, fields: ["\(index + 1)", role, "\($0.meetingCount)"]) }
            }
        }
        try #require(members.count > 10 && members.count == found.count, "seed \(seed)")
        for (row, own) in zip(members, found) {
            #expect(row[0] == network.shares.accounts.text(own.member.account), "seed \(seed)")
            #expect(Array(row[1...3]) == own.fields, "seed \(seed)")
            let expected = try #require(Double(row[4]))
            #expect(abs(expected - own.member.probability) <= 1e-5 * expected, "seed \(seed)")
        }
        let families = try Self.reference(csv(society.text), "--families")
        try #require(families.count == network.families.count, "seed \(seed)")
        for (row, family) in zip(families, network.families) {
            #expect(row[0] == "\(family.half)" && row[1] == "\(family.accounts.count)")
            let expected = try #require(Double(row[2]))
            #expect(abs(expected - family.evidence) <= 1e-5 * expected, "seed \(seed)")
        }
        #expect(families.count { $0[3] == "1" } == network.declaredCount, "seed \(seed)")
    }

    @Test func resultDoesNotDependOnWorkers() throws {
        var generator = SeededGenerator(seed: 3)
        let text = Society(&generator, groups: 2, orders: 12).text
        let values = try [Cores.single, .parallel, .reversed].map { cores in
            try Self.network(text, cores: cores)
        }
        for other in values.dropFirst() {
            #expect(other.communities == values[0].communities && !other.communities.isEmpty)
            #expect(other.edges.map(\.timing) == values[0].edges.map(\.timing))
            #expect(other.edges.map(\.choice) == values[0].edges.map(\.choice))
            #expect(other.families.map(\.evidence) == values[0].families.map(\.evidence))
        }
    }

    /// Twenty societies: our accounts are right, and more often so than those of the peers' rules.
    @Test func plantedGroupsAreFoundAboveThePeersRules() throws {
        var ours = Tally()
        var peers = Tally()
        for seed in UInt64(1)...20 {
            var generator = SeededGenerator(seed: seed)
            let society = Society(&generator, groups: 3, orders: 25)
            let network = try Self.network(society.text, cores: .parallel)
            let accounts = network.shares.accounts
            ours.add(Self.found(network), society.coordinated)
            let shares = network.shares
            let rule = try CoShareRule(windowSeconds: 60)
            let edges = CoShareEdges(
                of: try CoSharePairs(of: shares, rule: rule, cores: .parallel),
                cores: .parallel
            )
            let strong = edges.edges.filter(edges.isStrong).flatMap { [$0.from, $0.to] }
            peers.add(Set(strong.map { accounts.text($0) }), society.coordinated)
        }
        print(
            "resguardo \(ours.precision) \(ours.recall), median \(peers.precision) \(peers.recall)"
        )
        #expect(ours.precision >= 0.98)
        #expect(ours.recall >= 0.98)
        #expect(ours.precision > peers.precision)
        #expect(ours.recall >= peers.recall - 0.02)
    }

    /// Groups of which four of ten follow a dozen orders: no cut of CooRTweet's finds them so well.
    @Test func weakGroupsAreFoundBetterThanByAnyCut() throws {
        var ours = Tally()
        var cuts = [Tally](repeating: Tally(), count: 8)
        for seed in UInt64(1)...20 {
            var generator = SeededGenerator(seed: seed)
            let society = Society(&generator, groups: 3, orders: 18, tenthsFollowing: 5)
            let network = try Self.network(society.text, cores: .parallel)
            let found = Self.found(network)
            ours.add(found, society.coordinated)
            #expect(found.isDisjoint(with: society.power), "seed \(seed)")
            #expect(found.isDisjoint(with: society.syndicate), "seed \(seed)")
            let pairs = try CoSharePairs(
                of: network.shares,
                rule: CoShareRule(windowSeconds: 60),
                cores: .parallel
            )
            let edges = CoShareEdges(of: pairs, cores: .parallel).edges
            for cut in cuts.indices {
                let kept = edges.filter { $0.weight > cut }.flatMap { [$0.from, $0.to] }
                cuts[cut].add(
                    Set(kept.map { network.shares.accounts.text($0) }),
                    society.coordinated
                )
            }
        }
        print("weak: resguardo \(ours), cuts \(cuts)")
        #expect(ours.precision >= 0.95)
        #expect(ours.recall >= 0.9)
        for cut in cuts where cut.recall >= ours.recall {
            #expect(cut.precision < ours.precision)
        }
        #expect(cuts.allSatisfy { $0.f1 < ours.f1 })
    }

    /// The mean of e-values is at most 1 if chance alone deals out the times.
    @Test func evidenceIsAnEValueOnShuffledTimes() throws {
        var generator = SeededGenerator(seed: 5)
        let society = Society(&generator, groups: 3, orders: 25)
        let shares = try read(csv(society.text)).shares
        var values: [Double] = []
        var runsDeclared = 0
        for _ in 0..<30 {
            let network = try TimingNetwork(
                of: Self.shuffled(shares, using: &generator),
                rule: TimingRule(launchSeconds: 0),
                cores: .parallel
            )
            values += network.families.map(\.evidence)
            runsDeclared += network.declaredCount > 0 ? 1 : 0
            #expect(network.communities.isEmpty == (network.declaredCount == 0))
        }
        let mean = values.reduce(0, +) / Double(values.count)
        print("shuffled: \(values.count) families, mean evidence \(mean), declared \(runsDeclared)")
        try #require(values.count >= 100)
        #expect(mean <= 1.1)
        // At a rate of 0.05, more than five of 30 runs come once in some hundreds of tries.
        #expect(runsDeclared <= 5)
    }

    /// A group that acts alone, in things of its own, is told apart, not accused.
    @Test func syndicateIsASharedSource() throws {
        var generator = SeededGenerator(seed: 11)
        let society = Society(&generator, groups: 0, orders: 0)
        let network = try Self.network(society.text, cores: .single)
        #expect(network.edges.allSatisfy { $0.kind != .coordinated })
        let ends = network.edges.filter { $0.kind == .sharedSource }.flatMap { [$0.from, $0.to] }
        #expect(
            Set(ends.map { network.shares.accounts.text($0) }).isSuperset(of: society.syndicate)
        )
    }

    @Test(
        arguments: [
            "russian_coord_tweets/russian_coord_tweets", "german_elections/shares_url",
            "german_elections/shares_domain", "german_elections/shares_phash",
            "german_elections/shares_hashtag",
        ]
    )
    func shuffledTimesShowNothing(name: String) throws {
        guard let bytes = try Outside.bytes("data/\(name).csv") else { return }
        let shares = try read(bytes).shares
        var runsWithEdge = 0
        for seed in UInt64(1)...10 {
            var generator = SeededGenerator(seed: seed)
            let network = try TimingNetwork(
                of: Self.shuffled(shares, using: &generator),
                rule: TimingRule(),
                cores: .parallel
            )
            runsWithEdge += network.edges.contains { $0.kind == .coordinated } ? 1 : 0
        }
        // Without coordination every edge is false: at the rate of 0.05, ten runs have one with
        // an edge in four cases of ten, and three in one of ninety.
        #expect(runsWithEdge <= 2, "\(name)")
    }

    @Test func refusesParametersOutOfRange() {
        #expect(throws: FeedKernelError.parameterOutOfRange("rate")) { try TimingRule(rate: 0) }
        #expect(throws: FeedKernelError.parameterOutOfRange("gap")) {
            try TimingRule(gapSeconds: -1)
        }
        #expect(throws: FeedKernelError.parameterOutOfRange("launch")) {
            try TimingRule(launchSeconds: -1)
        }
        #expect(throws: FeedKernelError.parameterOutOfRange("min-participation")) {
            try TimingRule(minimum: 1)
        }
    }

    @Test func inputWithoutMeetingsGivesNothing() throws {
        for text in ["", "o,a,1,-5\n", "o,a,1,-5\no,b,2,-4000\n"] {
            let network = try Self.network(text, cores: .single)
            #expect(network.edges.isEmpty && network.communities.isEmpty)
        }
    }

    private static func network(_ text: String, cores: Cores) throws -> TimingNetwork {
        try TimingNetwork(of: read(csv(text)).shares, rule: TimingRule(), cores: cores)
    }

    /// The accounts of communities.
    private static func found(_ network: TimingNetwork) -> Set<String> {
        Set(network.communities.flatMap(\.accounts).map { network.shares.accounts.text($0) })
    }

    /// The same shares, each object's times dealt out anew among them.
    private static func shuffled(
        _ shares: ShareTable,
        using generator: inout SeededGenerator
    ) throws -> ShareTable {
        var slots: [UInt32: [Int]] = [:]
        for row in 0..<shares.count { slots[shares.object[row], default: []].append(row) }
        var times = shares.time
        for object in 0..<UInt32(shares.objects.count) {
            let rows = slots[object] ?? []
            for (row, source) in zip(rows, rows.shuffled(using: &generator)) {
                times[row] = shares.time[source]
            }
        }
        var builder = ShareTableBuilder()
        for row in 0..<shares.count {
            try builder.append(
                object: shares.objects.text(shares.object[row]),
                account: shares.accounts.text(shares.account[row]),
                content: shares.contents.text(shares.content[row]),
                time: times[row]
            )
        }
        return builder.finish()
    }

    /// The rows that the plain reading prints.
    private static func reference(_ csv: [UInt8], _ options: String...) throws -> [[String]] {
        let input = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try Data(csv).write(to: input)
        // What cannot be removed is left in a temporary place.
        defer { try? FileManager.default.removeItem(at: input) }
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-B", reference.path, input.path] + options
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: output, as: UTF8.self).split(separator: "\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
        }
    }
}

/// Right and wrong accounts over several runs.
private struct Tally: CustomStringConvertible {
    private var found = 0
    private var right = 0
    private var planted = 0

    var precision: Double { Double(right) / Double(max(1, found)) }
    var recall: Double { Double(right) / Double(max(1, planted)) }

    var f1: Double { 2 * Double(right) / Double(max(1, found + planted)) }
    var description: String { "precision \(precision) recall \(recall)" }

    mutating func add(_ accounts: Set<String>, _ truth: Set<String>) {
        found += accounts.count
        right += accounts.intersection(truth).count
        planted += truth.count
    }
}

/// A month of 400 accounts, some of them planted.
private struct Society {
    private(set) var text = ""
    private(set) var coordinated: Set<String> = []
    private(set) var syndicate: Set<String> = []
    /// Accounts that share much of everything.
    let power: Set<String> = ["a0", "a1", "a2"]
    private var row = 0

    init(_ generator: inout SeededGenerator, groups: Int, orders: Int, tenthsFollowing: Int = 7) {
        let month = 30 * 86_400
        var births: [Int] = []
        for object in 0..<300 {
            births.append(Int.random(in: 0..<month, using: &generator))
            for _ in 0..<Int.random(in: 5...60, using: &generator) {
                let account = Int.random(in: 0..<400, using: &generator)
                let delay = Int.random(in: 0..<36_000, using: &generator)
                add(object, "a\(account)", births[object] + delay)
            }
            for account in power.sorted() where Int.random(in: 0..<10, using: &generator) < 6 {
                let delay = Int.random(in: 0..<36_000, using: &generator)
                add(object, account, births[object] + delay)
            }
        }
        for group in 0..<groups {
            let members = (0..<Int.random(in: 6...12, using: &generator)).map { "g\(group)m\($0)" }
            coordinated.formUnion(members)
            for order in 0..<orders {
                // Two orders of three go to what others share too.
                let known = Int.random(in: 0..<300, using: &generator)
                let isOwn = order % 3 == 0
                let object = isOwn ? 1000 + group * 100 + order : known
                let delay = Int.random(in: 0..<20_000, using: &generator)
                let start = isOwn ? delay * 100 : births[known] + delay
                for member in members
                where Int.random(in: 0..<10, using: &generator) < tenthsFollowing {
                    add(object, member, start + Int.random(in: 0...40, using: &generator))
                }
            }
        }
        syndicate = Set((0..<6).map { "s\($0)" })
        for item in 0..<40 {
            let start = Int.random(in: 0..<month, using: &generator)
            for member in syndicate.sorted() {
                add(5000 + item, member, start + Int.random(in: 0...240, using: &generator))
            }
        }
    }

    private mutating func add(_ object: Int, _ account: String, _ time: Int) {
        text += "o\(object),\(account),c\(row),\(1_700_000_000 + time)\n"
        row += 1
    }
}
