// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A complete subtree of a Merkle tree: the `index`-th group of 2^`level` leaves.
///
/// Level 0 are the leaves. Every hash in every proof is made of such nodes.
package struct MerkleNode: Hashable, Sendable {
    /// Height above the leaves, 0...63.
    package let level: Int
    /// Position from the left among the nodes of the level.
    package let index: UInt64

    /// The node at a position.
    package init(level: Int, index: UInt64) {
        precondition((0..<64).contains(level), "levels go up to 63")
        self.level = level
        self.index = index
    }
}
