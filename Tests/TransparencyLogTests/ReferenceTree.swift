// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// RFC 6962, section 2.1, written down as its recursive definitions say, to check against.
struct ReferenceTree {
    let leaves: [LogHash]

    init(size: Int) {
        leaves = (0..<size).map { LogHash.leaf(Array("entry \($0)".utf8)) }
    }

    /// MTH(D[range]).
    func root(_ range: Range<Int>) -> LogHash {
        if range.isEmpty { return LogHash.digest(of: []) }
        if range.count == 1 { return leaves[range.lowerBound] }
        let middle = range.lowerBound + split(range.count)
        return parent(root(range.lowerBound..<middle), root(middle..<range.upperBound))
    }

    /// PATH(m, D[range]).
    func path(_ m: Int, _ range: Range<Int>) -> [LogHash] {
        if range.count <= 1 { return [] }
        let k = split(range.count)
        let left = range.lowerBound..<(range.lowerBound + k)
        let right = (range.lowerBound + k)..<range.upperBound
        return m < k
            ? path(m, left) + [root(right)]
            : path(m - k, right) + [root(left)]
    }

    /// SUBPROOF(m, D[range], b).
    func subproof(_ m: Int, _ range: Range<Int>, _ isKnown: Bool) -> [LogHash] {
        if m == range.count { return isKnown ? [] : [root(range)] }
        let k = split(range.count)
        let left = range.lowerBound..<(range.lowerBound + k)
        let right = (range.lowerBound + k)..<range.upperBound
        return m <= k
            ? subproof(m, left, isKnown) + [root(right)]
            : subproof(m - k, right, false) + [root(left)]
    }

    func node(_ node: MerkleNode) -> LogHash {
        let width = 1 << node.level
        let start = Int(node.index) * width
        return root(start..<(start + width))
    }

    private func split(_ count: Int) -> Int {
        var k = 1
        while k * 2 < count { k *= 2 }
        return k
    }

    private func parent(_ left: LogHash, _ right: LogHash) -> LogHash {
        LogHash.digest(of: [0x01] + left.bytes + right.bytes)
    }
}
