// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import TransparencyLog

@Suite struct MerkleTreeTests {
    private let reference = ReferenceTree(size: 64)

    @Test func emptyTreeHasTheHashOfNothing() {
        let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        #expect(MerkleTree.emptyRoot.base64 == root)
        #expect(CompactTree().root == MerkleTree.emptyRoot)
        #expect(MerkleTree.root(of: []) == MerkleTree.emptyRoot)
    }

    @Test func rootsOfAllTreesUpTo64Agree() {
        var tree = CompactTree()
        for size in 0...64 {
            let expected = reference.root(0..<size)
            #expect(tree.root == expected)
            #expect(MerkleTree.root(size: UInt64(size), node: reference.node) == expected)
            #expect(CompactTree(size: UInt64(size), node: reference.node) == tree)
            if size < 64 { tree.append(reference.leaves[size]) }
        }
    }

    @Test func appendingReportsEachCompletedSubtreeOnce() {
        var tree = CompactTree()
        var counts = [Int](repeating: 0, count: 7)
        for leaf in reference.leaves {
            tree.append(leaf) { level, hash in
                let node = MerkleNode(level: level, index: UInt64(counts[level]))
                #expect(hash == reference.node(node))
                counts[level] += 1
            }
        }
        #expect(counts == [64, 32, 16, 8, 4, 2, 1])
    }

    @Test func inclusionIsProvenForEachLeafOfAllTreesUpTo64() throws {
        for size in 1...64 {
            let root = reference.root(0..<size)
            for index in 0..<size {
                let proof = MerkleTree.inclusionProof(
                    of: UInt64(index),
                    size: UInt64(size),
                    node: reference.node
                )
                #expect(proof == reference.path(index, 0..<size))
                for claimed in 0..<size {
                    let isProven = isIncluded(claimed, index, size, root, proof)
                    #expect(
                        isProven == (claimed == index),
                        "leaf \(index) at \(claimed) of \(size)"
                    )
                }
            }
        }
    }

    private func isIncluded(
        _ claimed: Int,
        _ leaf: Int,
        _ size: Int,
        _ root: LogHash,
        _ proof: [LogHash]
    ) -> Bool {
        do throws(TransparencyLogError) {
            try MerkleTree.verifyInclusion(
                of: reference.leaves[leaf],
                index: UInt64(claimed),
                size: UInt64(size),
                root: root,
                proof: proof
            )
            return true
        } catch {
            #expect(error == .inclusionNotProven)
            return false
        }
    }

    @Test func consistencyIsProvenBetweenAllTreesUpTo64() throws {
        for size in 1...64 {
            for oldSize in 1...size {
                let proof = MerkleTree.consistencyProof(
                    from: UInt64(oldSize),
                    to: UInt64(size),
                    node: reference.node
                )
                #expect(proof == reference.subproof(oldSize, 0..<size, true))
                try verifyConsistency(oldSize, size, reference.root(0..<oldSize), proof)
                for other in [oldSize - 1, oldSize + 1] where (0...64).contains(other) {
                    let wrongRoot = reference.root(0..<other)
                    #expect(throws: TransparencyLogError.consistencyNotProven) {
                        try verifyConsistency(oldSize, size, wrongRoot, proof)
                    }
                }
                for shorter in 0..<proof.count {
                    #expect(throws: TransparencyLogError.consistencyNotProven) {
                        let old = reference.root(0..<oldSize)
                        try verifyConsistency(oldSize, size, old, Array(proof.prefix(shorter)))
                    }
                }
            }
        }
    }

    private func verifyConsistency(
        _ oldSize: Int,
        _ size: Int,
        _ oldRoot: LogHash,
        _ proof: [LogHash]
    ) throws {
        try MerkleTree.verifyConsistency(
            from: UInt64(oldSize),
            oldRoot: oldRoot,
            to: UInt64(size),
            root: reference.root(0..<size),
            proof: proof
        )
    }

    @Test func consistencyFromNothingIsRefused() {
        #expect(throws: TransparencyLogError.rangeInvalid) {
            try MerkleTree.verifyConsistency(
                from: 0,
                oldRoot: MerkleTree.emptyRoot,
                to: 0,
                root: MerkleTree.emptyRoot,
                proof: []
            )
        }
    }

    @Test func subtreesAreProvenInAllTreesUpTo32() throws {
        for size in 1...32 {
            for start in 0..<size {
                for end in (start + 1)...size where isSubtree(start, end) {
                    let proof = MerkleTree.subtreeConsistencyProof(
                        start: UInt64(start),
                        end: UInt64(end),
                        size: UInt64(size),
                        node: reference.node
                    )
                    try verifySubtree(start, end, size, reference.root(start..<end), proof)
                    #expect(throws: TransparencyLogError.consistencyNotProven) {
                        try verifySubtree(start, end, size, MerkleTree.emptyRoot, proof)
                    }
                }
            }
        }
    }

    private func isSubtree(_ start: Int, _ end: Int) -> Bool {
        var width = 1
        while width < end - start { width *= 2 }
        return start % width == 0
    }

    private func verifySubtree(
        _ start: Int,
        _ end: Int,
        _ size: Int,
        _ hash: LogHash,
        _ proof: [LogHash]
    ) throws {
        try MerkleTree.verifySubtreeConsistency(
            start: UInt64(start),
            end: UInt64(end),
            subtreeHash: hash,
            size: UInt64(size),
            root: reference.root(0..<size),
            proof: proof
        )
    }

    @Test func largestTreesAreProvenWithoutOverflow() throws {
        // A tree of equal leaves: a node's hash depends on its level only.
        var byLevel = [LogHash.leaf([])]
        while byLevel.count < 64 {
            byLevel.append(.node(byLevel[byLevel.count - 1], byLevel[byLevel.count - 1]))
        }
        let node = { (node: MerkleNode) in byLevel[node.level] }
        let sizes: [UInt64] = [.max, .max - 1, 1 << 63, (1 << 63) + 1, (1 << 63) - 1]
        for size in sizes {
            let root = MerkleTree.root(size: size, node: node)
            for index in [0, 1, size / 2, size - 2, size - 1] as [UInt64] {
                let proof = MerkleTree.inclusionProof(of: index, size: size, node: node)
                #expect(proof.count <= 64)
                try MerkleTree.verifyInclusion(
                    of: byLevel[0],
                    index: index,
                    size: size,
                    root: root,
                    proof: proof
                )
            }
            for oldSize in [1, 2, size / 2, size - 1, size] as [UInt64] {
                try MerkleTree.verifyConsistency(
                    from: oldSize,
                    oldRoot: MerkleTree.root(size: oldSize, node: node),
                    to: size,
                    root: root,
                    proof: MerkleTree.consistencyProof(from: oldSize, to: size, node: node)
                )
            }
            #expect(throws: TransparencyLogError.indexOutOfRange) {
                try MerkleTree.verifyInclusion(
                    of: byLevel[0],
                    index: size,
                    size: size,
                    root: root,
                    proof: []
                )
            }
        }
    }
}
