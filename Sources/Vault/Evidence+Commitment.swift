// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import Encodings
internal import TransparencyLog

/// How a deposit statement commits to the evidence: a Merkle root that hides every field, and lets
/// each be shown alone.
///
/// Leaf 0 stands for the item, leaf n for the n-th file. A leaf is the canonical object of the
/// commitments to its fields.
///
/// Spec: `docs/spec/vault.md`, section 2.4.
extension Evidence {
    /// Bytes in the salt of a field.
    static let fieldSaltCount = 16

    /// The root over all leaves.
    package var commitment: [UInt8] { MerkleTree.root(of: leafHashes()).bytes }

    /// All fields with their paths, in the order of leaves and names.
    package var fieldsByPath: [(path: String, value: JSONValue)] {
        (0...entries.count).flatMap { leaf in
            fields(ofLeaf: leaf).sorted { $0.key < $1.key }.map {
                (Self.prefix(ofLeaf: leaf) + $0.key, $0.value)
            }
        }
    }

    /// The hashes of all leaves.
    func leafHashes() -> [LogHash] {
        Array(0...entries.count).mapOnAllCores { $0.map(leafHash) }
    }

    private func leafHash(_ leaf: Int) -> LogHash {
        let commitments = fields(ofLeaf: leaf).map { name, value in
            let salt = fieldSalt(Self.prefix(ofLeaf: leaf) + name)
            return (name, Self.commitment(to: value, salt: salt))
        }
        return Self.leafHash(Dictionary(uniqueKeysWithValues: commitments))
    }

    /// The fields that a leaf commits to.
    func fields(ofLeaf leaf: Int) -> [String: JSONValue] {
        leaf == 0 ? itemFields : entries[leaf - 1].fields
    }

    /// What stands before a field's name in its path.
    static func prefix(ofLeaf leaf: Int) -> String { leaf == 0 ? "" : "files/\(leaf - 1)/" }

    /// The first bytes of SHA-256(item salt ‖ path).
    func fieldSalt(_ path: String) -> [UInt8] {
        var hasher = SHA256()
        hasher.update(salt)
        hasher.update(Array(path.utf8))
        return Array(hasher.finish().prefix(Self.fieldSaltCount))
    }

    /// SHA-256(field salt ‖ canonical value).
    static func commitment(to value: JSONValue, salt: [UInt8]) -> [UInt8] {
        SHA256.hash(salt + value.canonicalBytes)
    }

    /// The hash of the leaf whose fields have these commitments.
    static func leafHash(_ commitments: [String: [UInt8]]) -> LogHash {
        LogHash.leaf(
            JSONValue.object(commitments.mapValues { .string(Hex.encode($0)) }).canonicalBytes
        )
    }
}
