// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A Merkle tree that can only grow: its size and the roots of its complete subtrees.
///
/// Spec: RFC 6962, section 2.1. This is all that appending needs to know of a log.
package struct CompactTree: Equatable, Sendable {
    /// Leaves so far.
    package private(set) var size: UInt64 = 0
    // One hash for each set bit of `size`, the largest subtree first.
    private var frontier: [LogHash] = []

    /// The tree without leaves.
    package init() {}

    /// The tree of the first `size` leaves of a stored log.
    ///
    /// - Parameters:
    ///   - size: Leaves of the tree.
    ///   - node: Looks up a node that lies wholly below `size`.
    /// - Throws: What `node` throws.
    package init<Failure: Error>(
        size: UInt64,
        node: (MerkleNode) throws(Failure) -> LogHash
    ) throws(Failure) {
        for part in MerkleRange(start: 0, end: size).nodes {
            frontier.append(try node(part))
        }
        self.size = size
    }

    /// Root of the tree so far.
    ///
    /// - Complexity: O(log n).
    package var root: LogHash {
        guard var hash = frontier.last else { return MerkleTree.emptyRoot }
        for left in frontier.dropLast().reversed() {
            hash = .node(left, hash)
        }
        return hash
    }

    /// Adds one leaf.
    package mutating func append(_ leaf: LogHash) {
        append(leaf) { _, _ in }
    }

    /// Adds one leaf.
    ///
    /// - Parameters:
    ///   - leaf: Hash of the leaf.
    ///   - completed: Gets each subtree that the leaf completes, lowest first, the leaf included:
    ///     its level and its hash.
    /// - Complexity: O(1) hashes amortized.
    package mutating func append(_ leaf: LogHash, completed: (Int, LogHash) -> Void) {
        precondition(size < .max, "a tree has at most 2^64 − 1 leaves")
        var hash = leaf
        completed(0, hash)
        for level in 0..<size.trailingOneBitCount {
            hash = .node(frontier.removeLast(), hash)
            completed(level + 1, hash)
        }
        frontier.append(hash)
        size += 1
    }
}

extension UInt64 {
    /// How many of the lowest bits are one without a gap.
    fileprivate var trailingOneBitCount: Int { (~self).trailingZeroBitCount }
}
