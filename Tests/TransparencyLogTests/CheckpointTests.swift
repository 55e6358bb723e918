// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Sodium
import Testing
import TransparencyLog

@Suite struct CheckpointTests {
    private static let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

    @Test func checkpointsKeepTheirText() throws {
        for size in ["0", "1", "18446744073709551615"] {
            let text = Array("example.com/log\n\(size)\n\(Self.root)\n".utf8)
            let checkpoint = try Checkpoint(parsing: text)
            #expect(checkpoint.text == text)
            #expect(String(checkpoint.size) == size)
        }
        let extended = Array("a b+c\n7\n\(Self.root)\next 1\next 2\n".utf8)
        #expect(try Checkpoint(parsing: extended).text == extended)
        #expect(try Checkpoint(parsing: extended).extensions == ["ext 1", "ext 2"])
    }

    @Test(arguments: [
        ("", 1), ("a\n", 2), ("a\n1\n", 3), ("\n1\n\(root)\n", 1), ("a\n01\n\(root)\n", 2),
        ("a\n-1\n\(root)\n", 2), ("a\n18446744073709551616\n\(root)\n", 2), ("a\n\n\(root)\n", 2),
        ("a\n1 \n\(root)\n", 2), ("a\n1\n\(root.dropLast())\n", 3), ("a\n1\n\(root)\n\n", 4),
        ("a\n1\n\(root)", 1), ("a\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", 3),
        ("a\r\n1\n\(root)\n", 1),
    ]) func malformedCheckpointsAreRefused(text: String, line: Int) {
        #expect(throws: TransparencyLogError.malformedCheckpoint(line: line)) {
            try Checkpoint(parsing: Array(text.utf8))
        }
    }

    @Test func checkpointOfAnotherOriginIsRefused() throws {
        let signer = NoteSigner(name: try KeyName("log"), key: Ed25519.SecretKey())
        let checkpoint = Checkpoint(
            origin: try KeyName("other"),
            size: 0,
            root: MerkleTree.emptyRoot
        )
        let note = SignedNote(text: checkpoint.text, signatures: [signer.sign(checkpoint.text)])
        #expect(throws: TransparencyLogError.unknownLog) {
            try Checkpoint.open(note, log: signer.verifier)
        }
    }
}
