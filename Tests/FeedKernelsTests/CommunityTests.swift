// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import FeedKernels
import Foundation
import Testing

/// Communities against every small graph, the definition of modularity, and planted ones.
@Suite struct CommunityTests {
    private typealias Edge = WeightedGraph.Edge

    /// All 33 867 graphs of at most six nodes: communities are connected, no node is better off
    /// alone, and with equal weights at most the best partition's modularity is reached.
    @Test func everySmallGraphHasConnectedCommunities() {
        var bestCount = 0
        var graphCount = 0
        for nodeCount in 1...6 {
            let pairs = (0..<nodeCount).flatMap { from in
                (from + 1..<nodeCount).map { (UInt32(from), UInt32($0)) }
            }
            let partitions = Self.partitions(nodeCount)
            for mask in 0..<1 << pairs.count {
                let edges = pairs.enumerated().filter { mask >> $0.offset & 1 == 1 }
                    .map { Edge(from: $0.element.0, to: $0.element.1, weight: 1) }
                let graph = WeightedGraph(count: nodeCount, edges)
                var leiden = Leiden(seed: UInt64(mask))
                let found = leiden.communities(of: graph)
                let modularity = graph.modularity(of: found)
                let best = partitions.map { graph.modularity(of: $0) }.max() ?? 0
                let alone = graph.modularity(of: Communities(singletons: nodeCount))
                graphCount += 1
                if modularity >= best - 1e-12 { bestCount += 1 }
                guard Self.areConnected(found, edges), modularity >= alone - 1e-12,
                    modularity <= best + 1e-12
                else {
                    Issue.record("nodes \(nodeCount) mask \(mask)")
                    return
                }
            }
        }
        print("small graphs: \(bestCount) of \(graphCount) have the best partition")
        #expect(graphCount == 33_867 && bestCount * 100 >= graphCount * 97)
    }

    @Test func modularityIsThatOfTheDefinition() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<200 {
            let count = Int.random(in: 1...12, using: &generator)
            var matrix = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
            var edges: [Edge] = []
            for _ in 0..<Int.random(in: 1...30, using: &generator) {
                let from = Int.random(in: 0..<count, using: &generator)
                let to = Int.random(in: 0..<count, using: &generator)
                let weight = Double.random(in: 0.001...9, using: &generator)
                edges.append(Edge(from: UInt32(from), to: UInt32(to), weight: weight))
                matrix[from][to] += weight
                matrix[to][from] += weight
            }
            let labels = (0..<count).map { _ in
                UInt32.random(in: 0..<UInt32(count), using: &generator)
            }
            let strengths = matrix.map { $0.reduce(0, +) }
            let total = strengths.reduce(0, +)
            let gamma = Double.random(in: 0.2...3, using: &generator)
            var expected = 0.0
            for from in 0..<count {
                for to in 0..<count where labels[from] == labels[to] {
                    let chance = gamma * strengths[from] * strengths[to] / total
                    expected += (matrix[from][to] - chance) / total
                }
            }
            let graph = WeightedGraph(count: count, edges)
            let value = graph.modularity(of: Communities(labels), resolution: gamma)
            #expect(abs(value - expected) < 1e-12)
        }
    }

    /// All but one of twenty exactly; where not, what is found is better than what was planted.
    @Test func plantedCommunitiesAreRecovered() {
        var exactCount = 0
        for seed in UInt64(1)...20 {
            var generator = SeededGenerator(seed: seed)
            let planted = (0..<200).map { _ in UInt32.random(in: 0..<8, using: &generator) }
            var edges: [Edge] = []
            for from in 0..<200 {
                for to in from + 1..<200 {
                    let chance = planted[from] == planted[to] ? 0.5 : 0.02
                    guard Double.random(in: 0..<1, using: &generator) < chance else { continue }
                    let weight = Double(Int.random(in: 1...5, using: &generator))
                    edges.append(Edge(from: UInt32(from), to: UInt32(to), weight: weight))
                }
            }
            var leiden = Leiden(seed: seed)
            let graph = WeightedGraph(count: 200, edges)
            let found = leiden.communities(of: graph)
            exactCount += found == Communities(planted) ? 1 : 0
            let best = graph.modularity(of: Communities(planted))
            #expect(graph.modularity(of: found) >= best - 1e-12, "seed \(seed)")
        }
        print("planted: \(exactCount) of 20 exactly")
        #expect(exactCount >= 19)
    }

    @Test func aSeedGivesTheSameCommunitiesAndAnyWeightIsTaken() {
        var generator = SeededGenerator(seed: 9)
        let edges = (0..<3000).map { _ in
            Edge(
                from: UInt32.random(in: 0..<500, using: &generator),
                to: UInt32.random(in: 0..<500, using: &generator),
                weight: [1e-300, 1, 0.1, EdgeTable.weightMax].randomElement(using: &generator) ?? 1
            )
        }
        let graph = WeightedGraph(count: 500, edges)
        var (first, second) = (Leiden(seed: 4), Leiden(seed: 4))
        let found = first.communities(of: graph)
        #expect(found == second.communities(of: graph))
        #expect(Self.areConnected(found, edges))
        #expect(graph.modularity(of: found).isFinite)
        let empty = WeightedGraph(count: 3, [Edge]())
        #expect(first.communities(of: empty) == Communities(singletons: 3))
        #expect(first.communities(of: WeightedGraph(count: 0, [Edge]())).count == 0)
    }

    /// A clique of heavy edges among light ones goes on when the rest is gone.
    @Test func theSweepGivesEachAccountItsDegree() throws {
        var rows = "from,to,weight,kind\n"
        func clique(_ name: String, _ count: Int, _ weight: Int) {
            for from in 0..<count {
                for to in from + 1..<count {
                    rows += "\(name)\(from),\(name)\(to),\(weight),coordinated\n"
                }
            }
        }
        clique("a", 6, 10)
        clique("b", 5, 4)
        clique("c", 4, 1)
        rows += "a0,b0,1,shared-source\nb1,c1,1,coordinated\na1,a1,99,coordinated\n"
        rows += "d0,d1,50,coordinated\nx,y,7,none\n"
        let table = try EdgeTable(Array(rows.utf8))
        let sweep = CoordinationSweep(of: table, by: CoordinationSweep.Rule())
        #expect(sweep.steps.map(\.threshold) == [1, 4, 10, 50])
        #expect(sweep.steps.map(\.communityCount) == [3, 2, 1, 0])
        for (account, name) in table.accounts.enumerated() {
            let degree = sweep.lastSteps[account].map { sweep.steps[$0].threshold }
            let expected: Double? = ["a": 10, "b": 4, "c": 1][
                String(decoding: name.prefix(1), as: UTF8.self)
            ]
            #expect(degree == expected, "\(String(decoding: name, as: UTF8.self))")
        }
        #expect(table.accounts.count == 17)
        let ends = sweep.lives.rows.filter { $0.event == .ended }
        #expect(ends.map(\.life) == [0, 1, 2] && ends.map(\.period) == [3, 2, 1])
    }

    @Test func tablesOfAllRulesAreRead() throws {
        let expected = [Edge(from: 0, to: 1, weight: 3)]
        let tables = [
            "from,to,weight\na,b,3\n", "source,target,weight,edge_type\nb,a,1,x\na,b,2,x\n",
            "from,to,weight_full,weight_fast\na,b,3,\n",
            "account_id,account_id_y,similarity\na,b,3\n",
            "\u{feff}from,to,weight,kind\r\na,b,3,strong\r\nb,c,9,none\r\na,a,9,strong\r\n",
        ]
        for table in tables { #expect(try EdgeTable(Array(table.utf8)).edges == expected) }
        #expect(try EdgeTable(Array("from,to,weight\n".utf8)).edges.isEmpty)
        for weight in ["", "0", "-1", "nan", "inf", "1e17", "x"] {
            #expect(throws: FeedKernelError.self) {
                try EdgeTable(Array("from,to,weight\na,b,\(weight)\n".utf8))
            }
        }
        for broken in ["", "from,to\n", "from,to,weight\na,b\n", "from,to,weight\n,b,1\n"] {
            #expect(throws: FeedKernelError.self) { try EdgeTable(Array(broken.utf8)) }
        }
    }

    private static func areConnected(_ found: Communities, _ edges: [Edge]) -> Bool {
        for members in found.members {
            var reached: Set<UInt32> = [members[0]]
            var before = 0
            while reached.count > before {
                before = reached.count
                for edge in edges where found[Int(edge.from)] == found[Int(edge.to)] {
                    guard reached.contains(edge.from) || reached.contains(edge.to) else { continue }
                    reached.formUnion([edge.from, edge.to])
                }
            }
            if !members.allSatisfy(reached.contains) { return false }
        }
        return true
    }

    /// All partitions of so many nodes.
    private static func partitions(_ count: Int) -> [Communities] {
        var all: [[UInt32]] = [[]]
        for _ in 0..<count {
            all = all.flatMap { labels in
                (0...UInt32((labels.max().map { Int($0) } ?? -1) + 1)).map { labels + [$0] }
            }
        }
        return all.map { Communities($0) }
    }
}
