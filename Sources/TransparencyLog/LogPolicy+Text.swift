// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

extension LogPolicy {
    /// The policy for one of its logs as text, in one spelling and without addresses and comments.
    ///
    /// - Parameter origin: The log's name.
    /// - Returns: What ``init(parsing:)`` reads, or nil if the policy names no such log.
    package func text(for origin: String) -> String? {
        let named = logs.map(\.verifier).filter { $0.name.isEqual(to: origin) }
        guard !named.isEmpty else { return nil }
        var lines = named.map { "log \($0.encoded)" }
        lines += witnesses.map { "witness \($0.name) \($0.verifier.encoded)" }
        lines += groups.map { group in
            "group \(group.name) \(group.threshold) " + group.members.joined(separator: " ")
        }
        lines.append("quorum \(quorum ?? "none")")
        return lines.map { $0 + "\n" }.joined()
    }
}
