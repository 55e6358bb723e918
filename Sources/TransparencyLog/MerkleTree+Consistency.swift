// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

extension MerkleTree {
    /// Builds the proof that the first `oldSize` leaves of a tree of `size` leaves are unchanged.
    ///
    /// Spec: RFC 6962, section 2.1.2, PROOF(m, D[n]).
    ///
    /// - Parameters:
    ///   - oldSize: Smaller size, 1...size. A proof from 0 is empty and proves nothing.
    ///   - size: Size the proof leads to.
    ///   - node: Looks up a node that lies wholly below `size`.
    /// - Returns: At most 65 hashes.
    /// - Throws: What `node` throws.
    package static func consistencyProof<Failure: Error>(
        from oldSize: UInt64,
        to size: UInt64,
        node: (MerkleNode) throws(Failure) -> LogHash
    ) throws(Failure) -> [LogHash] {
        precondition(oldSize <= size, "the caller checks that sizes grow")
        guard oldSize > 0 else { return [] }
        return try subtreeConsistencyProof(start: 0, end: oldSize, size: size, node: node)
    }

    /// Builds the proof that the subtree `start..<end` is part of the tree of `size` leaves.
    ///
    /// Spec: C2SP `tlog-cosignature`, subtrees; with `start` 0 it is RFC 6962's consistency proof.
    package static func subtreeConsistencyProof<Failure: Error>(
        start: UInt64,
        end: UInt64,
        size: UInt64,
        node: (MerkleNode) throws(Failure) -> LogHash
    ) throws(Failure) -> [LogHash] {
        precondition(MerkleRange(start: start, end: end).isSubtree, "the caller checks the range")
        precondition(end <= size, "the caller checks that the subtree lies in the tree")
        var ranges: [MerkleRange] = []
        // The part of the subtree, and of the tree, that is left to prove.
        var part = MerkleRange(start: start, end: end)
        var tree = MerkleRange(start: 0, end: size)
        var isKnown = true
        while part != tree {
            let middle = tree.start + split(tree.count)
            let left = MerkleRange(start: tree.start, end: middle)
            let right = MerkleRange(start: middle, end: tree.end)
            if part.end <= middle {
                ranges.append(right)
                tree = left
            } else if part.start >= middle {
                ranges.append(left)
                tree = right
            } else {
                // The subtree holds the whole left half; what remains is not known by its hash.
                ranges.append(left)
                part = MerkleRange(start: middle, end: part.end)
                tree = right
                isKnown = false
            }
        }
        if !isKnown {
            ranges.append(part)
        }
        return try hashes(of: ranges.reversed(), node: node)
    }

    /// Verifies that the tree of `size` leaves with `root` begins with the tree of `oldSize` leaves
    /// with `oldRoot`.
    ///
    /// Spec: RFC 9162, section 2.1.4.2.
    ///
    /// - Throws: `.rangeInvalid` for an old size of 0, of which there is no proof, or one above
    ///   `size`; `.consistencyNotProven`.
    package static func verifyConsistency(
        from oldSize: UInt64,
        oldRoot: LogHash,
        to size: UInt64,
        root: LogHash,
        proof: [LogHash]
    ) throws(TransparencyLogError) {
        guard oldSize > 0, oldSize <= size else { throw .rangeInvalid }
        if oldSize == size {
            guard proof.isEmpty, oldRoot == root else { throw .consistencyNotProven }
            return
        }
        var hashes = proof[...]
        let first = oldSize & (oldSize - 1) == 0 ? oldRoot : hashes.popFirst()
        guard let first, !proof.isEmpty else { throw .consistencyNotProven }
        var fn = oldSize - 1
        var sn = size - 1
        while fn & 1 == 1 {
            fn >>= 1
            sn >>= 1
        }
        var fr = first
        var sr = first
        for c in hashes {
            guard sn != 0 else { throw .consistencyNotProven }
            if fn & 1 == 1 || fn == sn {
                fr = .node(c, fr)
                sr = .node(c, sr)
                while fn & 1 == 0 && fn != 0 {
                    fn >>= 1
                    sn >>= 1
                }
            } else {
                sr = .node(sr, c)
            }
            fn >>= 1
            sn >>= 1
        }
        guard sn == 0, fr == oldRoot, sr == root else { throw .consistencyNotProven }
    }

    /// Verifies that the subtree `start..<end` with `subtreeHash` is part of the tree of `size`
    /// leaves with `root`.
    ///
    /// Spec: C2SP `tlog-cosignature`, subtrees.
    ///
    /// - Throws: `.rangeInvalid`, `.consistencyNotProven`.
    package static func verifySubtreeConsistency(
        start: UInt64,
        end: UInt64,
        subtreeHash: LogHash,
        size: UInt64,
        root: LogHash,
        proof: [LogHash]
    ) throws(TransparencyLogError) {
        if start == end && end <= size {
            // A subtree without leaves is part of any tree; only its hash can be wrong.
            guard proof.isEmpty, subtreeHash == MerkleTree.emptyRoot else {
                throw .consistencyNotProven
            }
            return
        }
        guard MerkleRange(start: start, end: end).isSubtree, end <= size else {
            throw .rangeInvalid
        }
        var fn = start
        var sn = end - 1
        var tn = size - 1
        func shift() {
            fn >>= 1
            sn >>= 1
            tn >>= 1
        }
        // Climb to the node where the paths of subtree and tree part.
        if sn == tn {
            while fn != sn { shift() }
        } else {
            while fn != sn && sn & 1 == 1 { shift() }
        }
        var hashes = proof[...]
        guard let first = fn == sn ? subtreeHash : hashes.popFirst() else {
            throw .consistencyNotProven
        }
        var fr = first
        var sr = first
        for c in hashes {
            guard tn != 0 else { throw .consistencyNotProven }
            if sn & 1 == 1 || sn == tn {
                if fn < sn {
                    fr = .node(c, fr)
                }
                sr = .node(c, sr)
                while sn & 1 == 0 { shift() }
            } else {
                sr = .node(sr, c)
            }
            shift()
        }
        guard tn == 0, fr == subtreeHash, sr == root else { throw .consistencyNotProven }
    }
}
