// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The Merkle tree of RFC 6962, section 2.1 (hashed the same in RFC 9162), over sizes up to 2^64−1.
///
/// Building functions take a closure that looks a ``MerkleNode`` up, so they neither know nor care
/// where hashes are stored.
package enum MerkleTree {
    /// Most hashes in a proof, as the witness and proof formats limit it.
    package static let proofCountMax = 63

    /// Root of the tree without leaves: SHA-256 of nothing.
    package static let emptyRoot = LogHash.digest(of: [])

    /// Root of a tree with these leaf hashes.
    ///
    /// - Complexity: O(n) time, O(log n) memory.
    package static func root(of leaves: some Sequence<LogHash>) -> LogHash {
        var tree = CompactTree()
        for leaf in leaves {
            tree.append(leaf)
        }
        return tree.root
    }

    /// Root of the first `size` leaves.
    ///
    /// - Parameters:
    ///   - size: Leaves of the tree.
    ///   - node: Looks up a node that lies wholly below `size`.
    /// - Returns: MTH(D[0:size]).
    /// - Throws: What `node` throws.
    /// - Complexity: O(log n) look-ups.
    package static func root<Failure: Error>(
        size: UInt64,
        node: (MerkleNode) throws(Failure) -> LogHash
    ) throws(Failure) -> LogHash {
        guard size > 0 else { return emptyRoot }
        return try root(of: MerkleRange(start: 0, end: size), node: node)
    }

    /// MTH(D[start:end]) for a range whose start is aligned to its length, as all ranges in proofs
    /// are.
    static func root<Failure: Error>(
        of range: MerkleRange,
        node: (MerkleNode) throws(Failure) -> LogHash
    ) throws(Failure) -> LogHash {
        let nodes = range.nodes
        precondition(!nodes.isEmpty, "a range has leaves")
        var index = nodes.count - 1
        var hash = try node(nodes[index])
        while index > 0 {
            index -= 1
            hash = .node(try node(nodes[index]), hash)
        }
        return hash
    }

    /// The largest power of two below `size`, where RFC 6962 splits a tree.
    static func split(_ size: UInt64) -> UInt64 {
        precondition(size > 1, "one leaf is not split")
        return 1 << UInt64(63 - (size - 1).leadingZeroBitCount)
    }
}

/// Leaves `start..<end` of a tree.
struct MerkleRange: Equatable {
    let start: UInt64
    let end: UInt64

    var count: UInt64 { end - start }

    /// Whether the range is a subtree: its start is a multiple of the smallest power of two that is
    /// not below its length.
    ///
    /// Spec: C2SP `tlog-cosignature`, subtrees.
    var isSubtree: Bool {
        guard start < end else { return false }
        if start == 0 { return true }
        // A start above zero leaves at most 2^63 leaves to a subtree, so the shift cannot overflow.
        let bits = 64 - (count - 1).leadingZeroBitCount
        return bits < 64 && start.trailingZeroBitCount >= bits
    }

    /// The complete subtrees that make up the range, largest (leftmost) first.
    var nodes: [MerkleNode] {
        var nodes: [MerkleNode] = []
        var position = start
        while position < end {
            let level = 63 - (end - position).leadingZeroBitCount
            precondition(
                position.trailingZeroBitCount >= level,
                "the start of a range is aligned to its length"
            )
            nodes.append(MerkleNode(level: level, index: position >> UInt64(level)))
            position += 1 << UInt64(level)
        }
        return nodes
    }
}
