// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A time in which there was much more of a topic than usually.
///
/// Spec: J. Kleinberg, "Bursty and Hierarchical Structure in Streams" (2002), an automaton of two
/// states, here over batches with counts of Poisson; `docs/spec/trends.md`, section 5.
package struct TopicBurst: Equatable, Sendable {
    /// How many times as frequent a topic is in a burst.
    package static let ratio = 3.0

    /// Batches, the first and the last of them.
    package let batches: ClosedRange<Int64>
    /// Posts of the topic in them.
    package let postCount: Int
    /// How much better the burst explains them, in nats.
    package let weight: Double

    /// Batches with posts, one at a time, or without any, as many as there are in a row.
    private struct Run {
        let batches: ClosedRange<Int64>
        let count: Int

        var length: Double { Double(batches.count) }

        /// What it costs in a state that expects so many posts a batch, but for what is the same
        /// in both.
        func cost(_ rate: Double) -> Double { length * rate - Double(count) * log(rate) }
    }

    /// Finds the bursts of a topic.
    ///
    /// - Parameter counts: Posts in each batch that has any, in the order of the batches.
    /// - Returns: Bursts in the order of time.
    /// - Complexity: O(batches with posts).
    package static func bursts(_ counts: [(batch: Int64, count: Int)]) -> [TopicBurst] {
        guard let first = counts.first, let last = counts.last else { return [] }
        let runs = runs(counts)
        let batchCount = Double(last.batch - first.batch + 1)
        let usual = Double(counts.reduce(0) { $0 + $1.count }) / batchCount
        let often = ratio * usual
        let entry = log(batchCount)
        // Costs of the cheapest ways into each state, and whether the way into it came from the
        // burst; of equal ones the quiet one. To end a burst costs nothing, so that within a run
        // without posts nobody has to look for the place.
        var (quiet, burst) = (0.0, Double.infinity)
        var cameFromBurst: [(quiet: Bool, burst: Bool)] = []
        for run in runs {
            let from = (quiet: burst < quiet, burst: burst < quiet + entry)
            cameFromBurst.append(from)
            let next = (from.quiet ? burst : quiet, from.burst ? burst : quiet + entry)
            quiet = next.0 + run.cost(usual)
            burst = next.1 + run.cost(often)
        }
        var isBurst = [Bool](repeating: false, count: runs.count)
        var state = burst < quiet
        for place in runs.indices.reversed() {
            isBurst[place] = state
            state = state ? cameFromBurst[place].burst : cameFromBurst[place].quiet
        }
        return Array(zip(runs, isBurst)).split { !$0.1 }.map { part in
            let runs = part.map(\.0)
            return TopicBurst(
                batches: runs[0].batches.lowerBound...runs[runs.count - 1].batches.upperBound,
                postCount: runs.reduce(0) { $0 + $1.count },
                weight: runs.reduce(0) { ($0 + $1.cost(usual)) - $1.cost(often) }
            )
        }
    }

    private static func runs(_ counts: [(batch: Int64, count: Int)]) -> [Run] {
        var runs: [Run] = []
        for (batch, count) in counts {
            if let last = runs.last?.batches.upperBound, last + 1 < batch {
                runs.append(Run(batches: (last + 1)...(batch - 1), count: 0))
            }
            runs.append(Run(batches: batch...batch, count: count))
        }
        return runs
    }
}
