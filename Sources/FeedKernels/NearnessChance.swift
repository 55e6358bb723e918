// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Who is nearer to some accounts than others are to accounts drawn by lot.
///
/// Spec: `docs/spec/around.md`, sections 4 and 5.
package struct NearnessChance: Sendable {
    /// An account that is nearer than chance explains.
    package struct Finding: Equatable, Sendable {
        /// Its number in the graph.
        package let account: Int
        /// The share of its cell's accounts that are as near, over all sets.
        package let probability: Double
        /// The share of wrong ones to be expected among it and all that are nearer.
        package let falseShare: Double
    }

    /// What stands in the place of a score where the walk began.
    private static let startScore: Float = -1
    /// What is less counts as none.
    private static let scoreMin = 0x1p-100
    /// The most scores that are kept, of four bytes each.
    package static let scoreCountMax = 400_000_000

    /// In order of accounts.
    package private(set) var findings: [Finding] = []
    /// The share of sets in which somebody is as strikingly near as here.
    package private(set) var overall = 1.0
    /// How many cells there are.
    package let cellCount: Int

    private let graph: SharedGraph
    /// Accounts by set, those that stand for the starts first, and which they are.
    private var sets: [[Int]] = []
    /// By batch of lanes, then account, then lane.
    private var scores: [[Float]] = []

    /// Draws and judges.
    ///
    /// - Parameters:
    ///   - graph: Who shares what.
    ///   - starts: The accounts asked about, ascending, not none.
    ///   - drawCount: How many sets are drawn beside them.
    ///   - seed: For the lot.
    ///   - rate: The share of wrong findings that is put up with.
    ///   - cores: The cores to walk on.
    /// - Throws: `.tooManyPairs` for more scores than ``scoreCountMax``.
    package init(
        in graph: SharedGraph,
        around starts: [Int],
        drawCount: Int,
        seed: UInt64,
        rate: Double,
        cores: Cores
    ) throws(FeedKernelError) {
        self.graph = graph
        let cells = graph.cells()
        cellCount = cells.count
        guard (drawCount + 1) * graph.accounts.count <= Self.scoreCountMax else {
            throw .tooManyPairs(limit: Self.scoreCountMax)
        }
        sets = [starts] + Self.draws(drawCount, of: cells, like: starts, seed: seed)
        let width = RestartWalk.laneCount
        let sets = self.sets
        scores = cores.map((sets.count + width - 1) / width) { batch in
            let lanes = sets[(batch * width)..<min(sets.count, (batch + 1) * width)]
            return Self.scores(graph, Array(lanes))
        }
        judge(cells, rate: rate)
    }

    private static func scores(_ graph: SharedGraph, _ starts: [[Int]]) -> [Float] {
        let walk = RestartWalk(graph, from: starts)
        var scores: [Float] = []
        scores.reserveCapacity(graph.accounts.count * RestartWalk.laneCount)
        for lanes in walk.scores(graph) {
            for lane in 0..<RestartWalk.laneCount {
                scores.append(lanes[lane] < scoreMin ? 0 : Float(lanes[lane]))
            }
        }
        for (lane, own) in starts.enumerated() {
            for account in own { scores[account * RestartWalk.laneCount + lane] = startScore }
        }
        return scores
    }

    /// Sets with as many accounts of each cell as the starts have.
    private static func draws(
        _ count: Int,
        of cells: [[Int]],
        like starts: [Int],
        seed: UInt64
    ) -> [[Int]] {
        let wanted = Set(starts)
        let needs = cells.map { cell in cell.count { wanted.contains($0) } }
        var generator = SeededGenerator(seed: seed)
        var pools = cells
        return (0..<count).map { _ in
            var drawn: [Int] = []
            for (cell, need) in needs.enumerated() {
                var moved: [(Int, Int)] = []
                for place in 0..<need {
                    let other = place + generator.below(cells[cell].count - place)
                    pools[cell].swapAt(place, other)
                    moved.append((place, other))
                }
                drawn += pools[cell][..<need]
                // The next draw begins with the same order.
                for (place, other) in moved.reversed() { pools[cell].swapAt(place, other) }
            }
            return drawn.sorted()
        }
    }

    private func score(_ set: Int, _ account: Int) -> Float {
        let width = RestartWalk.laneCount
        return scores[set / width][account * width + set % width]
    }

    /// Judges within cells first, then everybody by what that said.
    private mutating func judge(_ cells: [[Int]], rate: Double) {
        var entries: [Ranking.Entry] = []
        var probabilities: [Int: Double] = [:]
        for cell in cells {
            let tail = tail(of: cell, rate: rate)
            var ranking = Ranking(tail.entries, setCount: sets.count)
            ranking.keep(upTo: rate)
            for (place, entry) in ranking.entries.enumerated() {
                if entry.set == 0 {
                    let part = Double(ranking.pooled[place]) / Double(tail.count)
                    probabilities[Int(entry.account)] = part
                }
                var judged = entry
                judged.key = ranking.falseShares[place].bitPattern
                entries.append(judged)
            }
        }
        let ranking = Ranking(entries, setCount: sets.count)
        let own = ranking.best[0]
        guard own.isFinite else { return }
        overall = Double(ranking.best.count { $0 <= own }) / Double(sets.count)
        guard overall <= rate else { return }
        for (place, entry) in ranking.entries.enumerated()
        where entry.set == 0 && ranking.falseShares[place] <= rate {
            findings.append(
                Finding(
                    account: Int(entry.account),
                    probability: probabilities[Int(entry.account)] ?? 1,
                    falseShare: ranking.falseShares[place]
                )
            )
        }
        findings.sort { $0.account < $1.account }
    }

    /// The highest scores of a cell over all sets, and how many there are in all.
    ///
    /// What is left out has a share of wrong ones over the rate, whatever comes.
    private func tail(
        of cell: [Int],
        rate: Double
    ) -> (entries: [Ranking.Entry], count: Int) {
        // Scores are positive, so that their bits are in the same order.
        var histogram = [Int](repeating: 0, count: 1 << 15)
        var count = 0
        for set in sets.indices {
            for account in cell where score(set, account) >= 0 {
                histogram[Int(score(set, account).bitPattern >> 16)] += 1
                count += 1
            }
        }
        var bin = histogram.count
        var above = 0
        while bin > 1, Double(above) <= rate * Double(count) {
            bin -= 1
            above += histogram[bin]
        }
        var entries: [Ranking.Entry] = []
        entries.reserveCapacity(above)
        for set in sets.indices {
            for account in cell where score(set, account) >= 0 {
                let bits = score(set, account).bitPattern
                guard Int(bits >> 16) >= bin else { continue }
                // Highest first.
                let key = UInt64(UInt32.max - bits)
                entries.append(.init(key: key, set: UInt32(set), account: UInt32(account)))
            }
        }
        return (entries, count)
    }
}

/// Entries of several sets in one order, and for each how many wrong ones are to be expected.
private struct Ranking {
    struct Entry {
        /// The least is the most striking.
        var key: UInt64
        let set: UInt32
        let account: UInt32
    }

    private(set) var entries: [Entry]
    /// How many entries of all sets are as striking as each.
    private(set) var pooled: [Int] = []
    /// For each, the least share of wrong ones with which its set can have it declared.
    private(set) var falseShares: [Double] = []
    /// The least share of each set.
    private(set) var best: [Double]

    init(_ given: [Entry], setCount: Int) {
        entries = given.sorted { ($0.key, $0.set, $0.account) < ($1.key, $1.set, $1.account) }
        var own = [Int](repeating: 0, count: setCount)
        var first = 0
        while first < entries.count {
            var end = first
            while end < entries.count, entries[end].key == entries[first].key {
                own[Int(entries[end].set)] += 1
                end += 1
            }
            for place in first..<end {
                pooled.append(end)
                let count = own[Int(entries[place].set)]
                falseShares.append(Double(end) / Double(setCount * count))
            }
            first = end
        }
        best = [Double](repeating: .infinity, count: setCount)
        for place in entries.indices.reversed() {
            let set = Int(entries[place].set)
            best[set] = min(best[set], falseShares[place])
            falseShares[place] = best[set]
        }
    }

    /// Drops all entries with a greater share.
    mutating func keep(upTo rate: Double) {
        let places = entries.indices.filter { falseShares[$0] <= rate }
        entries = places.map { entries[$0] }
        pooled = places.map { pooled[$0] }
        falseShares = places.map { falseShares[$0] }
    }
}
