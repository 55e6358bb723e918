// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Sodium
import Testing
import TransparencyLog

/// Data that other implementations of the C2SP tlog formats wrote.
@Suite struct TlogVectorTests {
    private struct Keys: Decodable {
        let log_vkey: String
        let log_skey_test_only: String
        let witness_ed25519_cosig_vkey: String
        let witness_ed25519_skey_test_only: String
        let witness_mldsa44_vkey: String
    }

    private struct Roots: Decodable {
        let empty_root: String
        let root_of_size_1_to_300: [String]
    }

    private func keys(_ folder: URL) throws -> Keys {
        let url = folder.appending(path: "keys.json")
        return try JSONDecoder().decode(Keys.self, from: try Data(contentsOf: url))
    }

    private func policy(_ keys: Keys) throws -> LogPolicy {
        LogPolicy(
            log: try NoteVerifier(parsing: keys.log_vkey),
            witnesses: [try NoteVerifier(parsing: keys.witness_ed25519_cosig_vkey)],
            threshold: 1
        )
    }

    private func leaf(_ index: Int) -> LogHash { .leaf(Array("entry \(index)".utf8)) }

    @Test func rootsOfAllSizesAgree() throws {
        guard let folder = TlogVectors.folder("interop-tlog") else { return }
        let url = folder.appending(path: "roots.json")
        let roots = try JSONDecoder().decode(Roots.self, from: try Data(contentsOf: url))
        #expect(Hex.encode(MerkleTree.emptyRoot.bytes) == roots.empty_root)
        #expect(roots.root_of_size_1_to_300.count == 300)
        var tree = CompactTree()
        for (index, root) in roots.root_of_size_1_to_300.enumerated() {
            tree.append(leaf(index))
            #expect(Hex.encode(tree.root.bytes) == root)
        }
    }

    @Test func tilesAgreeWithTheTree() throws {
        guard let folder = TlogVectors.folder("interop-tlog") else { return }
        func tile(_ content: TilePath.Content, _ number: UInt64) throws -> ([UInt8], Int) {
            let path = try #require(TilePath(content, number: number, size: 300))
            let url = folder.appending(path: "tiles/" + path.path)
            return (try TlogVectors.bytes(url), path.width)
        }
        var leaves: [LogHash] = []
        var entries: [[UInt8]] = []
        for number in 0..<2 as Range<UInt64> {
            let (bytes, width) = try tile(.hashes(level: 0), number)
            leaves += try Tile(bytes, width: width).hashes
            let (bundle, count) = try tile(.entries, number)
            entries += try EntryBundle.parse(bundle, width: count)
        }
        #expect(leaves == (0..<300).map(leaf))
        #expect(entries == (0..<300).map { Array("entry \($0)".utf8) })
        let (top, width) = try tile(.hashes(level: 1), 0)
        #expect(top == Tile.encode([MerkleTree.root(of: leaves[..<256])]))
        #expect(width == 1)
        let log = try NoteVerifier(parsing: try keys(folder).log_vkey)
        let note = try TlogVectors.bytes(folder.appending(path: "tiles/checkpoint"))
        let checkpoint = try Checkpoint.open(try SignedNote(parsing: note), log: log)
        #expect(checkpoint.root == MerkleTree.root(of: leaves))
    }

    @Test func cosignedCheckpointVerifiesAndIsSignedAlike() throws {
        guard let folder = TlogVectors.folder("interop-tlog") else { return }
        let keys = try keys(folder)
        let url = folder.appending(path: "checkpoint-300-cosigned.txt")
        let bytes = try TlogVectors.bytes(url)
        let note = try SignedNote(parsing: bytes)
        #expect(note.encoded == bytes)
        let verified = try policy(keys).verify(note)
        #expect(verified.checkpoint.size == 300)
        let time = try #require(verified.cosignatures.first).time
        // Ed25519 is deterministic: our signatures of the same are the same.
        let logKey = SecretBytes(copying: Array(keys.log_skey_test_only.utf8))
        #expect(try NoteSigner(parsing: logKey).sign(note.text) == note.signatures[0])
        let key = SecretBytes(copying: Array(keys.witness_ed25519_skey_test_only.utf8))
        #expect(try Cosigner(parsing: key).cosign(note.text, time: time) == note.signatures[1])
        // The ML-DSA-44 witness is known by name, and not counted.
        let pq = try NoteVerifier(parsing: keys.witness_mldsa44_vkey)
        #expect(pq.encoded == keys.witness_mldsa44_vkey)
        #expect(throws: TransparencyLogError.noKnownSignature) { try note.verify([pq]) }
    }

    @Test func validProofFilesVerify() throws {
        guard let folder = TlogVectors.folder("interop-tlog") else { return }
        let policy = try policy(try keys(folder))
        let files = TlogVectors.files(
            below: folder.appending(path: "valid"),
            extension: "tlog-proof"
        )
        #expect(files.count == 7)
        for file in files {
            let bytes = try TlogVectors.bytes(file)
            let proof = try TlogProof(parsing: bytes)
            #expect(proof.encoded == bytes)
            let entry = file.deletingPathExtension().appendingPathExtension("entry")
            let leaf = LogHash.leaf(try TlogVectors.bytes(entry))
            #expect(try proof.verify(leaf: leaf, policy: policy).checkpoint.size == 300)
            #expect(throws: TransparencyLogError.inclusionNotProven) {
                try proof.verify(leaf: .leaf([]), policy: policy)
            }
        }
    }

    @Test(arguments: [
        ("bad-extra-base64", TransparencyLogError.malformedProof(line: 2)),
        ("crlf", .malformedProof(line: 1)),
        ("index-beyond-size", .indexOutOfRange),
        ("index-leading-zero", .malformedProof(line: 2)),
        ("index-off-by-one", .inclusionNotProven),
        ("no-index", .malformedProof(line: 2)),
        ("no-log-signature", .noKnownSignature),
        ("tampered-root", .invalidSignature(line: 1)),
        ("truncated-proof", .inclusionNotProven),
        ("wrong-version", .malformedProof(line: 1)),
    ]) func invalidProofFilesAreRefused(name: String, error: TransparencyLogError) throws {
        guard let folder = TlogVectors.folder("interop-tlog")?.appending(path: "invalid") else {
            return
        }
        let policy = try policy(try keys(folder.deletingLastPathComponent()))
        let leaf = LogHash.leaf(try TlogVectors.bytes(folder.appending(path: "ENTRY")))
        let bytes = try TlogVectors.bytes(folder.appending(path: "\(name).tlog-proof"))
        #expect(throws: error) {
            try TlogProof(parsing: bytes).verify(leaf: leaf, policy: policy)
        }
    }
}
