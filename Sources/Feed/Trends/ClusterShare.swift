// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A share of posts that are something, with the interval in which it lies as far as one can tell
/// from these accounts.
///
/// Posts of one account are alike, so the accounts are what was drawn: a share that rests on two
/// accounts has a wide interval, however much they post.
///
/// Spec: `docs/spec/trends.md`, section 4.
package struct ClusterShare: Equatable, Sendable {
    /// The normal quantile of 0.975.
    private static let z = 1.959963984540054

    /// Posts that are it.
    package let hits: Int
    /// All posts.
    package let count: Int
    /// Bounds of the 95 % interval; `nil` for fewer than two accounts.
    package let interval: ClosedRange<Double>?

    /// The share; 0 of nothing.
    package var share: Double { count == 0 ? 0 : Double(hits) / Double(count) }

    /// The share of clusters.
    ///
    /// - Parameter clusters: Posts that are it and all posts of each account, these at least one;
    ///   always in the same order, since sums are rounded.
    /// - Complexity: O(clusters).
    package init(_ clusters: [(hits: Int, count: Int)]) {
        hits = clusters.reduce(0) { $0 + $1.hits }
        count = clusters.reduce(0) { $0 + $1.count }
        guard clusters.count >= 2 else {
            interval = nil
            return
        }
        let (p, total) = (Double(hits) / Double(count), Double(count))
        // As many independent posts as would leave as much in doubt.
        var effective: Double
        if hits == 0 || hits == count {
            effective = total * total / clusters.reduce(0) { $0 + Double($1.count * $1.count) }
        } else {
            var squares = 0.0
            for cluster in clusters {
                let residual = Double(cluster.hits) - p * Double(cluster.count)
                squares += residual * residual
            }
            let accounts = Double(clusters.count)
            let variance = accounts / (accounts - 1) * squares / (total * total)
            effective = variance > 0 ? p * (1 - p) / variance : total
        }
        effective = min(effective, total)
        let square = Self.z * Self.z / effective
        let middle = (p + square / 2) / (1 + square)
        let spread = (p * (1 - p) / effective + square / (4 * effective)).squareRoot()
        let half = Self.z * spread / (1 + square)
        interval = max(0, middle - half)...min(1, middle + half)
    }
}
