// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Sodium
import Storage
import TransparencyLog
import Vault

/// What stands behind the key in an escrow, so that a successor finds the case: on which nodes its
/// items are, and under what they are kept there.
///
/// Spec: `docs/spec/switch.md`, section 16.
enum CaseLegacy {
    private static let nodePrefix = "# node "
    private static let nodeCountMax = 16

    /// A node that has items of the case.
    struct Node {
        let url: String
        let policy: [UInt8]
    }

    /// The lines for a case whose items go to these nodes.
    static func lines(of item: Case, on remotes: [Remote]) throws -> SecretBytes {
        var text = try item.legacyLines().reveal()
        defer { wipe(&text) }
        for remote in remotes.prefix(nodeCountMax) where (try? remote.log()) != nil {
            let policy = Base64.encode(Array(remote.policyText.utf8))
            text += Array("\(nodePrefix)\(remote.url) \(policy)\n".utf8)
        }
        return SecretBytes(copying: text)
    }

    /// The nodes that an identity file names; lines that are none are passed over.
    static func nodes(in file: borrowing SecretBytes) -> [Node] {
        var bytes = file.reveal()
        defer { wipe(&bytes) }
        let nodes = bytes.split(separator: 0x0a).compactMap { line -> Node? in
            guard line.starts(with: nodePrefix.utf8) else { return nil }
            let words = String(decoding: line, as: UTF8.self).split(separator: " ").dropFirst(2)
            guard let url = words.first, words.count == 2, let last = words.last,
                let policy = try? Base64.decode(String(last))
            else { return nil }
            return Node(url: String(url), policy: policy)
        }
        return Array(nodes.prefix(nodeCountMax))
    }
}
