// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Testing
import TransparencyLog

/// The proofs of transparency-dev/merkle: each verifies or is refused as its file says.
@Suite struct MerkleVectorTests {
    private struct Vector: Decodable {
        // inclusion and subtreeinclusion
        let leafIdx: UInt64?
        let treeSize: UInt64?
        let leafHash: String?
        let root: String?
        // consistency and subtreeconsistency
        let size1: UInt64?
        let size2: UInt64?
        let size: UInt64?
        let root1: String?
        let root2: String?
        // subtrees
        let start: UInt64?
        let end: UInt64?
        let proof: [String]?
        let wantErr: Bool
    }

    private func hash(_ text: String?) throws -> LogHash {
        var bytes = try Base64.decode(try #require(text))
        // Some files hold these words where they expect that nobody looks at the hash.
        if bytes.starts(with: "don't care".utf8) {
            bytes += [UInt8](repeating: 0, count: LogHash.byteCount - bytes.count)
        }
        return try LogHash(bytes)
    }

    private func check(
        _ folder: String,
        count: Int,
        verify: (Vector, [LogHash]) throws -> Void
    ) throws {
        guard let vectors = TlogVectors.folder("merkle") else { return }
        let files = TlogVectors.files(
            below: vectors.appending(path: folder),
            extension: "json"
        )
        #expect(files.count == count)
        for file in files {
            let vector = try JSONDecoder().decode(Vector.self, from: try Data(contentsOf: file))
            var isRefused = false
            do {
                try verify(vector, try (vector.proof ?? []).map { try hash($0) })
            } catch is TransparencyLogError {
                isRefused = true
            }
            #expect(isRefused == vector.wantErr, "\(folder)/\(file.lastPathComponent)")
        }
    }

    @Test func inclusionVectorsAgree() throws {
        try check("inclusion", count: 98) { vector, proof in
            try MerkleTree.verifyInclusion(
                of: try hash(vector.leafHash),
                index: try #require(vector.leafIdx),
                size: try #require(vector.treeSize),
                root: try hash(vector.root),
                proof: proof
            )
        }
    }

    @Test func consistencyVectorsAgree() throws {
        try check("consistency", count: 98) { vector, proof in
            try MerkleTree.verifyConsistency(
                from: try #require(vector.size1),
                oldRoot: try hash(vector.root1),
                to: try #require(vector.size2),
                root: try hash(vector.root2),
                proof: proof
            )
        }
    }

    @Test func subtreeInclusionVectorsAgree() throws {
        try check("subtreeinclusion", count: 204) { vector, proof in
            try MerkleTree.verifySubtreeInclusion(
                of: try hash(vector.leafHash),
                index: try #require(vector.leafIdx),
                start: try #require(vector.start),
                end: try #require(vector.end),
                subtreeHash: try hash(vector.root),
                proof: proof
            )
        }
    }

    @Test func subtreeConsistencyVectorsAgree() throws {
        try check("subtreeconsistency", count: 118) { vector, proof in
            try MerkleTree.verifySubtreeConsistency(
                start: try #require(vector.start),
                end: try #require(vector.end),
                subtreeHash: try hash(vector.root1),
                size: try #require(vector.size),
                root: try hash(vector.root2),
                proof: proof
            )
        }
    }
}
