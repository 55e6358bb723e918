// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Testing

/// No command deletes evidence.
@Suite struct AppendOnlyTests {
    /// Words for taking something away.
    private static let words: Set<String> = [
        "delete", "remove", "rm", "purge", "prune", "erase", "forget", "destroy", "drop", "edit",
        "replace", "gc", "clean", "compact", "truncate", "rewrite", "unlink", "expire", "wipe",
    ]
    /// What they take away where they exist: keys, addresses, names of others; never evidence.
    private static let allowed: Set<String> = [
        "wipe", "remote remove", "registry ring erase", "registry verifier remove",
    ]

    @Test func noCommandTakesEvidenceAway() {
        let found = Leaf.all.filter { command in
            command.path.contains { word in
                word.split(separator: "-").contains { Self.words.contains(String($0)) }
            }
        }.map { $0.path.joined(separator: " ") }
        #expect(Set(found).subtracting(Self.allowed).isEmpty)
    }
}
