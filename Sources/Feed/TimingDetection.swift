// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
package import FeedKernels

/// What Resguardo's own rule finds in shares.
package struct TimingDetection: Sendable {
    /// The edges.
    package let network: TimingNetwork
    private let input: ShareInput

    /// Detects.
    ///
    /// - Throws: `.tooManyPairs`.
    package init(
        in input: ShareInput,
        by rule: TimingRule,
        cores: Cores
    ) throws(FeedKernelError) {
        self.input = input
        network = try TimingNetwork(of: input.shares, rule: rule, cores: cores)
    }

    /// How many edges are of a kind.
    package func edgeCount(_ kind: TimingKind) -> Int { network.edges.count { $0.kind == kind } }

    /// The edges as CSV, in byte order of their accounts.
    package var edgeTable: [UInt8] {
        var writer = CSVWriter()
        writer.record([
            "from", "to", "weight", "episodes", "telling_objects", "expected", "p_timing",
            "p_choice", "kind",
        ])
        let accounts = input.shares.accounts
        for edge in network.edges {
            writer.append(accounts[edge.from])
            writer.comma()
            writer.append(accounts[edge.to])
            for count in [edge.weight, edge.episodeCount, edge.tellingCount] {
                writer.comma()
                writer.append(Int64(count))
            }
            let numbers = [edge.expected, edge.timing, edge.choice].map { "\($0)" }
            for text in numbers + [edge.kind.rawValue] {
                writer.comma()
                writer.append(Array(text.utf8)[...])
            }
            writer.endRecord()
        }
        return writer.bytes
    }

    /// Each account of a community, or of an edge of shared source, with its role, as CSV.
    package var accountTable: [UInt8] {
        var writer = CSVWriter()
        writer.record(["account_id", "community", "role", "meetings", "p_member"])
        let accounts = input.shares.accounts
        var isListed = [Bool](repeating: false, count: accounts.count)
        func append(_ account: UInt32, _ fields: [String]) {
            isListed[Int(account)] = true
            writer.append(accounts[account])
            for text in fields {
                writer.comma()
                writer.append(Array(text.utf8)[...])
            }
            writer.endRecord()
        }
        for (index, community) in network.communities.enumerated() {
            for (role, members) in [("core", community.core), ("attached", community.attached)] {
                for member in members {
                    let numbers = ["\(member.meetingCount)", "\(member.probability)"]
                    append(member.account, ["\(index + 1)", role] + numbers)
                }
            }
        }
        var isShared = [Bool](repeating: false, count: accounts.count)
        for edge in network.edges where edge.kind == .sharedSource {
            for account in [edge.from, edge.to] where !isListed[Int(account)] {
                isShared[Int(account)] = true
            }
        }
        for account in accounts.ranks(where: isShared).ids {
            append(account, ["", "shared-source", "", ""])
        }
        return writer.bytes
    }

    /// The communities with what they were made from and by which rule.
    package var json: JSONValue {
        let accounts = input.shares.accounts
        let list = network.communities.enumerated().map { index, community -> JSONValue in
            [
                "attached": .array(community.attached.map { .string(accounts.text($0.account)) }),
                "core": .array(community.core.map { .string(accounts.text($0.account)) }),
                "edges": .integer(Int64(community.edgeCount)),
                "evidence": .string("\(community.evidence)"),
                "network": .integer(Int64(index + 1)),
                "stability": .string("\(community.stability)"),
            ]
        }
        let rule = network.rule
        return [
            "data": input.json,
            "edges": [
                "coordinated": .integer(Int64(edgeCount(.coordinated))),
                "judged": .integer(Int64(network.edges.count)),
                "sharedSource": .integer(Int64(edgeCount(.sharedSource))),
            ],
            "networks": .array(list),
            "rule": [
                "gapSeconds": .integer(rule.gapSeconds),
                "launchSeconds": .integer(rule.launchSeconds),
                "minParticipation": .integer(Int64(rule.minimum)),
                "name": "resguardo",
                "rate": .string("\(rule.rate)"),
                "signal": "co-share",
                "version": .integer(2),
                "windowSeconds": .integer(rule.windowSeconds),
            ],
            "tests": [
                "choice": .integer(Int64(network.choiceHypotheses)),
                "choiceLimit": .string("\(network.choiceLimit)"),
                "families": .integer(Int64(network.families.count)),
                "familiesDeclared": .integer(Int64(network.declaredCount)),
                "members": .integer(Int64(network.askedCount)),
            ],
        ]
    }
}
