// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import FeedKernels

/// The largest community of accounts that did nearly the same, as astrodetection 0.3.6 finds it.
///
/// Spec: `docs/spec/account-signals.md`, section 6.
enum AccountHub {
    /// Fewest events of an account, fewest things that two have in common, and the least cosine.
    private static let eventCountMin = 3
    private static let commonCountMin = 3
    private static let cosineMin = 0.9
    /// More comparisons than these are not made.
    private static let comparisonCountMax = 1_000_000_000
    private static let edgeCountMax = 100_000

    /// An account did something once.
    struct Event {
        let account: Int
        let thing: Int
    }

    private struct Edge {
        let from: Int
        let to: Int
        let weight: Double
    }

    private struct Entry {
        let thing: Int
        var weight: Double
    }

    /// How many accounts the largest community has.
    ///
    /// - Parameters:
    ///   - events: In any order.
    ///   - isEligible: Whether an account with events in things that several events have counts.
    /// - Returns: 0 if none is alike; `nil` if there are too many to compare.
    /// - Complexity: O(Σ k²) for k accounts of a thing.
    static func largest(_ events: [Event], isEligible: (Int) -> Bool = { _ in true }) -> Int? {
        var rows: [Int: Int] = [:]
        for event in events { rows[event.thing, default: 0] += 1 }
        var counts: [Int: [Int: Int]] = [:]
        for event in events where rows[event.thing, default: 0] > 1 {
            counts[event.account, default: [:]][event.thing, default: 0] += 1
        }
        var sharers: [Int: Int] = [:]
        for things in counts.values { for thing in things.keys { sharers[thing, default: 0] += 1 } }
        let active = counts.filter { $0.value.values.reduce(0, +) >= eventCountMin }.keys.sorted()
        let all = Chance.logarithm(1 + counts.count)
        let vectors = active.map { account in
            vector(counts[account, default: [:]]) { thing in
                all - Chance.logarithm(1 + sharers[thing, default: 0]) + 1
            }
        }
        guard let edges = edges(vectors) else { return nil }
        return community(
            edges.filter { isEligible(active[$0.from]) && isEligible(active[$0.to]) },
            active.count
        )
    }

    private static func vector(_ things: [Int: Int], _ weight: (Int) -> Double) -> [Entry] {
        var entries = things.sorted { $0.key < $1.key }
            .map { Entry(thing: $0.key, weight: Double($0.value) * weight($0.key)) }
        var squares = 0.0
        for entry in entries { squares += entry.weight * entry.weight }
        let length = squares.squareRoot()
        for index in entries.indices { entries[index].weight /= length }
        return entries
    }

    private static func edges(_ vectors: [[Entry]]) -> [Edge]? {
        var lists: [Int: [(account: Int, weight: Double)]] = [:]
        for (account, vector) in vectors.enumerated() {
            for entry in vector { lists[entry.thing, default: []].append((account, entry.weight)) }
        }
        guard lists.values.reduce(0, { $0 + $1.count * $1.count }) <= comparisonCountMax else {
            return nil
        }
        var edges: [Edge] = []
        var sums = [Double](repeating: 0, count: vectors.count)
        var commons = [Int](repeating: 0, count: vectors.count)
        for (account, vector) in vectors.enumerated() {
            var met: [Int] = []
            for entry in vector {
                for other in lists[entry.thing, default: []] where other.account > account {
                    if commons[other.account] == 0 { met.append(other.account) }
                    commons[other.account] += 1
                    sums[other.account] += entry.weight * other.weight
                }
            }
            for other in met.sorted() {
                if commons[other] >= commonCountMin, sums[other] >= cosineMin {
                    edges.append(Edge(from: account, to: other, weight: sums[other]))
                }
                (commons[other], sums[other]) = (0, 0)
            }
            if edges.count > edgeCountMax { return nil }
        }
        return edges
    }

    /// Merges communities while that makes the modularity no less, the best pair first (Clauset,
    /// Newman and Moore 2004), of equal ones the first by the accounts they are called after.
    private static func community(_ edges: [Edge], _ count: Int) -> Int {
        guard !edges.isEmpty else { return 0 }
        var total = 0.0
        var part = [Double](repeating: 0, count: count)
        for edge in edges {
            total += edge.weight
            part[edge.from] += edge.weight
            part[edge.to] += edge.weight
        }
        let scale = 1 / total
        for account in part.indices { part[account] = part[account] * scale * 0.5 }
        var gains: [Int: [Int: Double]] = [:]
        for edge in edges {
            let gain = scale * edge.weight - 2 * part[edge.from] * part[edge.to]
            gains[edge.from, default: [:]][edge.to] = gain
            gains[edge.to, default: [:]][edge.from] = gain
        }
        var sizes: [Int: Int] = [:]
        var best: [Int: (gain: Double, other: Int)] = [:]
        for (account, row) in gains {
            sizes[account] = 1
            best[account] = first(of: row)
        }
        while let (from, to) = next(best) {
            sizes[to, default: 0] += sizes[from, default: 0]
            sizes[from] = nil
            let (left, right) = (gains[from, default: [:]], gains[to, default: [:]])
            var merged: [Int: Double] = [:]
            for other in Set(left.keys).union(right.keys) where other != from && other != to {
                let gain: Double
                switch (left[other], right[other]) {
                case (let one?, let two?): gain = two + one
                case (nil, let two?): gain = two - 2 * part[from] * part[other]
                case (let one?, nil): gain = one - 2 * part[to] * part[other]
                case (nil, nil): continue
                }
                merged[other] = gain
                gains[other]?[from] = nil
                gains[other]?[to] = gain
                best[other] = first(of: gains[other, default: [:]])
            }
            gains[from] = nil
            best[from] = nil
            gains[to] = merged
            best[to] = first(of: merged)
            part[to] += part[from]
        }
        return sizes.values.max() ?? 0
    }

    private static func first(of row: [Int: Double]) -> (gain: Double, other: Int)? {
        row.min { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.value, $0.key) }
    }

    private static func next(
        _ best: [Int: (gain: Double, other: Int)]
    ) -> (from: Int, to: Int)? {
        let found = best.min { ($1.value.gain, $0.key) < ($0.value.gain, $1.key) }
        guard let found, found.value.gain >= 0 else { return nil }
        return (found.key, found.value.other)
    }
}
