// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

extension MerkleTree {
    /// Builds the inclusion proof of a leaf: its siblings from leaf to root.
    ///
    /// Spec: RFC 6962, section 2.1.1, PATH(m, D[n]).
    ///
    /// - Parameters:
    ///   - index: Leaf, below `size`.
    ///   - size: Tree the proof is about.
    ///   - node: Looks up a node that lies wholly below `size`.
    /// - Returns: At most 64 hashes.
    /// - Throws: What `node` throws.
    /// - Complexity: O(log n) hashes, O(log² n) look-ups at most.
    package static func inclusionProof<Failure: Error>(
        of index: UInt64,
        size: UInt64,
        node: (MerkleNode) throws(Failure) -> LogHash
    ) throws(Failure) -> [LogHash] {
        precondition(index < size, "the caller checks that the leaf exists")
        var ranges: [MerkleRange] = []
        var start: UInt64 = 0
        var end = size
        while end - start > 1 {
            let middle = start + split(end - start)
            if index < middle {
                ranges.append(MerkleRange(start: middle, end: end))
                end = middle
            } else {
                ranges.append(MerkleRange(start: start, end: middle))
                start = middle
            }
        }
        return try hashes(of: ranges.reversed(), node: node)
    }

    /// Verifies that `leaf` is leaf `index` of the tree of `size` leaves with `root`.
    ///
    /// Spec: RFC 9162, section 2.1.3.2.
    ///
    /// - Throws: `.indexOutOfRange`, `.inclusionNotProven`.
    package static func verifyInclusion(
        of leaf: LogHash,
        index: UInt64,
        size: UInt64,
        root: LogHash,
        proof: [LogHash]
    ) throws(TransparencyLogError) {
        guard index < size else { throw .indexOutOfRange }
        var fn = index
        var sn = size - 1
        var r = leaf
        for p in proof {
            guard sn != 0 else { throw .inclusionNotProven }
            if fn & 1 == 1 || fn == sn {
                r = .node(p, r)
                while fn & 1 == 0 && fn != 0 {
                    fn >>= 1
                    sn >>= 1
                }
            } else {
                r = .node(r, p)
            }
            fn >>= 1
            sn >>= 1
        }
        guard sn == 0, r == root else { throw .inclusionNotProven }
    }

    /// Verifies that `leaf` is leaf `index` of the tree, within the subtree `start..<end` whose
    /// hash is `subtreeHash`.
    ///
    /// Spec: C2SP `tlog-cosignature`, subtrees: inclusion in a subtree is inclusion of leaf
    /// index − start in a tree of end − start leaves.
    ///
    /// - Throws: `.rangeInvalid`, `.indexOutOfRange`, `.inclusionNotProven`.
    package static func verifySubtreeInclusion(
        of leaf: LogHash,
        index: UInt64,
        start: UInt64,
        end: UInt64,
        subtreeHash: LogHash,
        proof: [LogHash]
    ) throws(TransparencyLogError) {
        guard MerkleRange(start: start, end: end).isSubtree else { throw .rangeInvalid }
        guard index >= start else { throw .indexOutOfRange }
        try verifyInclusion(
            of: leaf,
            index: index - start,
            size: end - start,
            root: subtreeHash,
            proof: proof
        )
    }

    static func hashes<Failure: Error>(
        of ranges: some Sequence<MerkleRange>,
        node: (MerkleNode) throws(Failure) -> LogHash
    ) throws(Failure) -> [LogHash] {
        var proof: [LogHash] = []
        for range in ranges {
            proof.append(try root(of: range, node: node))
        }
        return proof
    }
}
