// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Sodium

/// The name of a sealed object: a Merkle root over its 1 MiB pieces.
///
/// The tree is that of RFC 6962, section 2.1, with BLAKE2b-256 in place of SHA-256: leaf =
/// H(0x00 ‖ piece), node = H(0x01 ‖ left ‖ right). An upload can be checked piece by piece as it
/// arrives, and a replica can be asked for any piece and its path.
///
/// Spec: `docs/spec/vault.md`, section 3.
package struct CiphertextRoot: ~Copyable {
    /// Bytes in a piece; the last one may be shorter.
    package static let pieceCount = 1 << 20

    private var piece: BLAKE2b256?
    private var filledCount = 0
    private var leafCount: UInt64 = 0
    /// Roots of the complete subtrees so far, the largest first: one a set bit of `leafCount`.
    private var subtrees: [[UInt8]] = []

    /// Starts with no bytes.
    package init() {}

    /// Adds bytes.
    package mutating func update(_ bytes: Span<UInt8>) {
        var offset = 0
        while offset < bytes.count {
            if piece == nil { piece = Self.emptyLeaf() }
            let count = min(bytes.count - offset, Self.pieceCount - filledCount)
            piece?.update(bytes.extracting(offset..<(offset + count)))
            filledCount += count
            offset += count
            if filledCount == Self.pieceCount { closePiece() }
        }
    }

    /// Adds bytes.
    package mutating func update(_ bytes: [UInt8]) {
        update(bytes.span)
    }

    /// Ends the object.
    ///
    /// - Returns: 32 bytes; for no bytes at all, the hash of nothing.
    package consuming func finish() -> [UInt8] {
        if filledCount > 0 { closePiece() }
        guard var root = subtrees.popLast() else { return BLAKE2b256.hash([UInt8]()) }
        while let left = subtrees.popLast() {
            root = Self.node(left, root)
        }
        return root
    }

    /// The root of bytes that are all there.
    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var root = CiphertextRoot()
        root.update(bytes.span)
        return root.finish()
    }

    private mutating func closePiece() {
        guard let hasher = piece.take() else {
            preconditionFailure("a piece with bytes has a hasher")
        }
        filledCount = 0
        append(leaf: hasher.finish())
    }

    /// Adds a whole piece by its hash; all pieces before the last one are full.
    mutating func append(leaf: [UInt8]) {
        precondition(filledCount == 0, "pieces are hashed here or elsewhere, not both")
        var subtree = leaf
        // Each complete pair below moves one level up, as a carry does in a counter.
        var carry = leafCount
        while carry & 1 == 1, let left = subtrees.popLast() {
            subtree = Self.node(left, subtree)
            carry >>= 1
        }
        subtrees.append(subtree)
        leafCount += 1
    }

    /// The hash of a piece.
    static func leaf(_ piece: [UInt8]) -> [UInt8] {
        var hasher = emptyLeaf()
        hasher.update(piece)
        return hasher.finish()
    }

    private static func emptyLeaf() -> BLAKE2b256 {
        var hasher = BLAKE2b256()
        hasher.update([0x00])
        return hasher
    }

    private static func node(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        BLAKE2b256.hash([0x01] + left + right)
    }
}
