// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Sodium

/// The hashes of all pieces of an object, known to be those under its root.
///
/// Any piece can be checked without the others.
///
/// Spec: `docs/spec/vault.md`, section 3.
package struct PieceHashes: Sendable {
    private let hashes: [UInt8]
    private let sizeBytes: Int64

    /// Believes a list if it hashes to the name of the object.
    ///
    /// - Parameters:
    ///   - hashes: From anywhere, 32 bytes a piece.
    ///   - object: The name: the root in hexadecimal.
    ///   - sizeBytes: Length of the object.
    package init?(_ hashes: [UInt8], object: String, sizeBytes: Int64) {
        let pieceBytes = Int64(CiphertextRoot.pieceCount)
        guard sizeBytes > 0,
            Int64(hashes.count) == ((sizeBytes - 1) / pieceBytes + 1)
                * Int64(BLAKE2b256.digestCount),
            Hex.encode(CiphertextRoot.root(ofPieces: hashes)) == object
        else { return nil }
        self.hashes = hashes
        self.sizeBytes = sizeBytes
    }

    /// Pieces in the object.
    package var count: Int { hashes.count / BLAKE2b256.digestCount }

    /// The bytes of a piece.
    package func range(_ index: Int) -> Range<Int64> {
        let start = Int64(index) * Int64(CiphertextRoot.pieceCount)
        return start..<min(start + Int64(CiphertextRoot.pieceCount), sizeBytes)
    }

    /// Whether bytes are a piece.
    package func isRight(_ bytes: [UInt8], _ index: Int) -> Bool {
        let start = index * BLAKE2b256.digestCount
        return CiphertextRoot.pieceHash(bytes)
            == Array(hashes[start..<(start + BLAKE2b256.digestCount)])
    }
}
