// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What each account of a declared edge has in it.
///
/// CooRTweet's columns of this meaning count by who was first, and so belong to neither account.
package struct DetectedContribution: Equatable, Sendable {
    /// The edge; where there is one in each direction, the first of them.
    package let edge: Int
    /// The things in which they met.
    package fileprivate(set) var objectCount = 0
    /// The distinct contents of the account that comes first in byte order, and of the other one.
    package fileprivate(set) var contentCounts = [0, 0]
    /// In how many pairs of shares that account was the earlier one, and the other one.
    package fileprivate(set) var leadCounts = [0, 0]
}

extension DetectedNetworks {
    /// What each account has in each declared edge.
    ///
    /// - Returns: In order of edges; those without a meeting within the window are left out.
    /// - Complexity: O(n log n + p log p), for n shares and p pairs within the window.
    package func contributions() -> [DetectedContribution] {
        var parts = edges.indices.map { DetectedContribution(edge: $0) }
        // The edge above, the content or the thing below.
        var keys: [[UInt64]] = [[], [], []]
        forEachPair { edge, row, otherRow in
            let base = UInt64(edge) << 32
            keys[0].append(base | UInt64(shares.object[row]))
            keys[1].append(base | UInt64(shares.content[row]))
            keys[2].append(base | UInt64(shares.content[otherRow]))
            let delay = shares.time[row] - shares.time[otherRow]
            if delay != 0 { parts[edge].leadCounts[delay < 0 ? 0 : 1] += 1 }
        }
        for kind in keys.indices {
            keys[kind].sort()
            var known: UInt64?
            for key in keys[kind] where key != known {
                known = key
                if kind == 0 {
                    parts[Int(key >> 32)].objectCount += 1
                } else {
                    parts[Int(key >> 32)].contentCounts[kind - 1] += 1
                }
            }
        }
        return parts.filter { $0.objectCount > 0 }
    }
}
