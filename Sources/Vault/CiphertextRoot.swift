// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Sodium
package import Storage

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
    /// What stands before a piece when it is hashed.
    private static let leafPrefix: UInt8 = 0x00

    /// Pieces that are hashed together.
    private static let groupCount = BLAKE2bLanes.laneCount * pieceCount

    /// Bytes since the last whole group.
    private var group: [UInt8] = []
    private var leafCount: UInt64 = 0
    /// Roots of the complete subtrees so far, the largest first: one a set bit of `leafCount`.
    private var subtrees: [[UInt8]] = []

    /// Starts with no bytes.
    package init() {}

    /// Adds bytes.
    ///
    /// - Complexity: O(n) time; 8 MiB of memory, less for smaller objects.
    package mutating func update(_ bytes: Span<UInt8>) {
        var offset = 0
        while offset < bytes.count {
            let count = min(bytes.count - offset, Self.groupCount - group.count)
            group.append(bytes.extracting(offset..<(offset + count)))
            offset += count
            if group.count == Self.groupCount { closeGroup() }
        }
    }

    /// Adds bytes.
    package mutating func update(_ bytes: [UInt8]) {
        update(bytes.span)
    }

    /// The root of what is left to read of a file.
    ///
    /// - Throws: ``FileFailure``.
    package static func of(_ file: borrowing OpenedFile) throws(FileFailure) -> [UInt8] {
        var root = CiphertextRoot()
        while true {
            let piece = try file.read(pieceCount)
            if piece.isEmpty { return root.finish() }
            root.update(piece.span)
        }
    }

    /// Ends the object.
    ///
    /// - Returns: 32 bytes; for no bytes at all, the hash of nothing.
    package consuming func finish() -> [UInt8] {
        for start in stride(from: 0, to: group.count, by: Self.pieceCount) {
            let end = min(start + Self.pieceCount, group.count)
            append(leaf: Self.leaf(group.span.extracting(start..<end)))
        }
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

    /// The root of an object whose pieces have these hashes.
    ///
    /// - Parameter hashes: In order, 32 bytes each, one after the other.
    /// - Returns: 32 bytes.
    package static func root(ofPieces hashes: [UInt8]) -> [UInt8] {
        precondition(hashes.count % BLAKE2b256.digestCount == 0, "whole hashes")
        var root = CiphertextRoot()
        for start in stride(from: 0, to: hashes.count, by: BLAKE2b256.digestCount) {
            root.append(leaf: Array(hashes[start..<(start + BLAKE2b256.digestCount)]))
        }
        return root.finish()
    }

    /// The hash of one piece.
    ///
    /// - Parameter piece: 1 MiB; less at the end of an object.
    /// - Returns: 32 bytes.
    package static func pieceHash(_ piece: [UInt8]) -> [UInt8] {
        leaf(piece.span)
    }

    /// Bytes whose pieces are hashed at once, faster than one after the other.
    package static var piecesAtOnceCount: Int { groupCount }

    /// The hashes of the pieces of a part of an object.
    ///
    /// - Parameter part: Beginning with a piece; at most ``piecesAtOnceCount`` bytes.
    /// - Returns: 32 bytes for each piece.
    package static func pieceHashes(_ part: [UInt8]) -> [UInt8] {
        precondition(part.count <= groupCount, "as much as is hashed at once")
        if part.count == groupCount { return BLAKE2bLanes.hash(part.span, prefix: leafPrefix) }
        return stride(from: 0, to: part.count, by: pieceCount).flatMap { start in
            leaf(part.span.extracting(start..<min(start + pieceCount, part.count)))
        }
    }

    private mutating func closeGroup() {
        let leaves = BLAKE2bLanes.hash(group.span, prefix: Self.leafPrefix)
        for start in stride(from: 0, to: leaves.count, by: BLAKE2b256.digestCount) {
            append(leaf: Array(leaves[start..<(start + BLAKE2b256.digestCount)]))
        }
        group.removeAll(keepingCapacity: true)
    }

    /// Adds a piece by its hash; all pieces before the last one are full.
    private mutating func append(leaf: [UInt8]) {
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

    private static func leaf(_ piece: Span<UInt8>) -> [UInt8] {
        var hasher = BLAKE2b256()
        hasher.update([leafPrefix])
        hasher.update(piece)
        return hasher.finish()
    }

    private static func node(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        BLAKE2b256.hash([0x01] + left + right)
    }
}
