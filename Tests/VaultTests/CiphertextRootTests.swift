// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Sodium
import Testing
import Vault

@Suite struct CiphertextRootTests {
    /// The definition of RFC 6962, section 2.1, word for word.
    private func root(_ pieces: ArraySlice<[UInt8]>) -> [UInt8] {
        guard let first = pieces.first else { return BLAKE2b256.hash([UInt8]()) }
        guard pieces.count > 1 else { return BLAKE2b256.hash([0x00] + first) }
        var split = 1
        while split * 2 < pieces.count { split *= 2 }
        let left = root(pieces.prefix(split))
        return BLAKE2b256.hash([0x01] + left + root(pieces.dropFirst(split)))
    }

    @Test(arguments: [0, 1, 2, 3, 4, 5, 7, 8, 9])
    func isTheMerkleRootOfThePieces(_ pieceCount: Int) {
        for tail in [0, 1, CiphertextRoot.pieceCount - 1] {
            let bytes = pattern(pieceCount * CiphertextRoot.pieceCount + tail)
            let pieces = stride(from: 0, to: bytes.count, by: CiphertextRoot.pieceCount).map {
                Array(bytes[$0..<min($0 + CiphertextRoot.pieceCount, bytes.count)])
            }
            #expect(CiphertextRoot.hash(bytes) == root(pieces[...]))
            var streamed = CiphertextRoot()
            for start in stride(from: 0, to: bytes.count, by: 700_001) {
                streamed.update(Array(bytes[start..<min(start + 700_001, bytes.count)]))
            }
            #expect(streamed.finish() == root(pieces[...]))
        }
    }
}
