// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
internal import Statements
internal import TransparencyLog

/// Some fields of an item's evidence, with the proof that they belong to it.
///
/// A shown field comes with its own salt; a withheld one is there as its commitment, which says
/// nothing but that it exists. Leaves of which nothing is shown are not there at all: the Merkle
/// paths of the others go past them.
///
/// Spec: `docs/spec/disclosure.md`.
package struct Disclosure: Equatable, Sendable {
    /// The longest document.
    package static let byteCountMax = JSONValue.byteCountMax
    /// The most fields of one leaf.
    static let fieldCountMax = 64

    /// A field that is shown.
    package struct Shown: Equatable, Sendable {
        /// Opens the commitment of this field and of no other.
        package let salt: [UInt8]
        /// What the evidence says.
        package let value: JSONValue
    }

    /// One leaf of the commitment: the item as a whole, or one file.
    package struct Leaf: Equatable, Sendable {
        /// 0 for the item, n + 1 for `files/n`.
        package let index: UInt64
        /// Fields that are shown, by name.
        package let shown: [String: Shown]
        /// Commitments of the fields that are withheld, by name.
        package let withheld: [String: [UInt8]]
        /// Whether the file itself is in the package.
        package let hasContent: Bool
        /// Siblings from the leaf to the root.
        let path: [LogHash]

        /// What stands before a field's name in its path.
        package var prefix: String { Evidence.prefix(ofLeaf: Int(index)) }

        var hash: LogHash {
            var commitments = withheld
            for (name, field) in shown {
                commitments[name] = Evidence.commitment(to: field.value, salt: field.salt)
            }
            return Evidence.leafHash(commitments)
        }
    }

    /// The leaves of which something is shown, in order; the first is that of the item, and shows
    /// at least how many files there are.
    package let leaves: [Leaf]
    /// Files, directories and links of the item.
    package let fileCount: Int

    /// The fields and contents that somebody chose.
    ///
    /// - Parameters:
    ///   - evidence: All of it.
    ///   - choice: What to show.
    /// - Throws: ``DisclosureError/nothingChosen``; ``DisclosureError/fieldMissing(_:)`` for items
    ///   of before the number of files was committed to.
    /// - Complexity: O(n) hashes for n files, O(log n) for each leaf that is shown.
    package init(of evidence: Evidence, showing choice: DisclosureChoice) throws {
        guard !choice.names.isEmpty else { throw DisclosureError.nothingChosen }
        guard evidence.fields(ofLeaf: 0)[Evidence.fileCountField] != nil else {
            throw DisclosureError.fieldMissing(Evidence.fileCountField)
        }
        var chosen = choice.names
        chosen[0, default: []].insert(Evidence.fileCountField)
        let tree = LeafTree(evidence.leafHashes())
        fileCount = evidence.entries.count
        leaves = chosen.sorted { $0.key < $1.key }.map { index, names in
            var shown: [String: Shown] = [:]
            var withheld: [String: [UInt8]] = [:]
            for (name, value) in evidence.fields(ofLeaf: index) {
                let salt = evidence.fieldSalt(Evidence.prefix(ofLeaf: index) + name)
                if names.contains(name) {
                    shown[name] = Shown(salt: salt, value: value)
                } else {
                    withheld[name] = Evidence.commitment(to: value, salt: salt)
                }
            }
            return Leaf(
                index: UInt64(index),
                shown: shown,
                withheld: withheld,
                hasContent: choice.contents.contains(index - 1),
                path: tree.path(of: UInt64(index))
            )
        }
    }

    /// Reads the document; nothing is verified.
    ///
    /// - Throws: ``DisclosureError/malformed(_:)``.
    package init(canonical bytes: [UInt8]) throws {
        do {
            var fields = try StatementFields(JSONValue(canonical: bytes))
            guard try fields.string("type") == "disclosure",
                try fields.integer("v", in: 1...1) == 1
            else { throw DisclosureError.malformed("disclosure.json") }
            leaves = try fields.objects("leaves", count: 1...(EvidenceEntry.countMax + 1)) {
                (fields) throws(StatementError) in try Leaf(fields: &fields)
            }
            try fields.finish()
        } catch is StatementError {
            throw DisclosureError.malformed("disclosure.json")
        } catch is EncodingError {
            throw DisclosureError.malformed("disclosure.json")
        }
        let indices = leaves.map(\.index)
        guard let count = leaves[0].shown[Evidence.fileCountField]?.value.integer,
            (0...Int64(EvidenceEntry.countMax)).contains(count), indices[0] == 0,
            zip(indices, indices.dropFirst()).allSatisfy({ $0 < $1 })
        else { throw DisclosureError.malformed("disclosure.json") }
        fileCount = Int(count)
    }

    /// The canonical document.
    package var bytes: [UInt8] {
        let json: JSONValue = [
            "type": "disclosure", "v": 1,
            "leaves": .array(leaves.map(\.json)),
        ]
        return json.canonicalBytes
    }

    /// Checks every leaf against what a deposit statement commits to.
    ///
    /// - Parameter commitment: Member `evidence` of the statement.
    /// - Throws: ``DisclosureError/notReceipted(leaf:)``.
    package func verify(commitment: [UInt8]) throws {
        for leaf in leaves {
            do {
                try MerkleTree.verifyInclusion(
                    of: leaf.hash,
                    index: leaf.index,
                    size: UInt64(fileCount) + 1,
                    root: LogHash(commitment),
                    proof: leaf.path
                )
            } catch {
                throw DisclosureError.notReceipted(leaf: leaf.index)
            }
        }
    }
}

extension Disclosure.Leaf {
    init(fields: inout StatementFields) throws(StatementError) {
        index = UInt64(try fields.integer("leaf", in: 0...Int64(EvidenceEntry.countMax)))
        hasContent = try fields.boolean("content")
        path = try fields.hexList("path", count: 0...MerkleTree.proofCountMax, byteCount: 32)
            .compactMap { try? LogHash($0) }
        guard let shown = try fields.value("shown").object,
            let withheld = try fields.value("withheld").object,
            (1...Disclosure.fieldCountMax).contains(shown.count),
            withheld.count <= Disclosure.fieldCountMax,
            Set(shown.keys).isDisjoint(with: withheld.keys)
        else { throw .invalidValue(field: "shown") }
        var read: [String: Disclosure.Shown] = [:]
        for (name, value) in shown {
            var field = try StatementFields(value, at: name)
            let salt = try field.hex("salt", count: Evidence.fieldSaltCount)
            read[name] = Disclosure.Shown(salt: salt, value: try field.value("value"))
            try field.finish()
        }
        self.shown = read
        var commitments = try StatementFields(.object(withheld), at: "withheld")
        var hidden: [String: [UInt8]] = [:]
        for name in withheld.keys { hidden[name] = try commitments.hex(name, count: 32) }
        self.withheld = hidden
    }

    var json: JSONValue {
        [
            "leaf": .integer(Int64(index)), "content": .boolean(hasContent),
            "path": .array(path.map { .string(Hex.encode($0.bytes)) }),
            "shown": .object(
                shown.mapValues {
                    ["salt": .string(Hex.encode($0.salt)), "value": $0.value]
                }
            ),
            "withheld": .object(withheld.mapValues { .string(Hex.encode($0)) }),
        ]
    }
}

/// All nodes over a list of leaves, for as many paths as are asked for.
private struct LeafTree {
    private var levels: [[LogHash]]

    init(_ leaves: [LogHash]) {
        levels = [leaves]
        while let last = levels.last, last.count > 1 {
            levels.append((0..<(last.count / 2)).map { .node(last[2 * $0], last[2 * $0 + 1]) })
        }
    }

    func path(of index: UInt64) -> [LogHash] {
        MerkleTree.inclusionProof(of: index, size: UInt64(levels[0].count)) { node in
            levels[node.level][Int(node.index)]
        }
    }
}
