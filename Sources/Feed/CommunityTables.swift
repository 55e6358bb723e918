// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
package import FeedKernels

/// What a sweep found, as tables and as a document.
///
/// Spec: `docs/spec/communities.md`, section 3.
package struct CommunityTables: Sendable {
    private let table: EdgeTable
    private let sweep: CoordinationSweep

    /// Prepares to write.
    package init(_ table: EdgeTable, _ sweep: CoordinationSweep) {
        self.table = table
        self.sweep = sweep
    }

    /// A row an account: its community in the whole network, the degree of its coordination, and
    /// the part of all edges that weigh less.
    package var accounts: [UInt8] {
        var writer = CSVWriter()
        writer.record(["account_id", "community", "degree", "lighter_edges"])
        for (account, name) in table.accounts.enumerated() {
            writer.append(name[...])
            writer.comma()
            if let community = sweep.communities[account] { writer.append(Int64(community + 1)) }
            let last = sweep.lastSteps[account].map { sweep.steps[$0] }
            let lighter = last.map { 1 - Double($0.edgeCount) / Double(table.edges.count) }
            for value in [last?.threshold, lighter] {
                writer.comma()
                if let value { writer.append(Array(Self.text(value).utf8)[...]) }
            }
            writer.endRecord()
        }
        return writer.bytes
    }

    /// A row a step.
    package var steps: [UInt8] {
        var writer = CSVWriter()
        writer.record([
            "threshold", "accounts", "edges", "communities", "grouped_accounts", "modularity",
        ])
        for step in sweep.steps {
            writer.record([
                Self.text(step.threshold), "\(step.accountCount)", "\(step.edgeCount)",
                "\(step.communityCount)", "\(step.groupedCount)", "\(step.modularity)",
            ])
        }
        return writer.bytes
    }

    /// What became of each community as the threshold rose.
    package var lives: [UInt8] {
        var writer = CSVWriter()
        writer.record(["community", "threshold", "accounts", "jaccard", "event", "other"])
        for row in sweep.lives.rows {
            let step = sweep.steps[row.period]
            writer.record([
                "\(row.life + 1)", Self.text(step.threshold),
                row.group.map { "\(step.groups[$0].count)" } ?? "0",
                row.jaccard.map { "\($0)" } ?? "", row.event.rawValue,
                row.other.map { "\($0 + 1)" } ?? "",
            ])
        }
        return writer.bytes
    }

    /// The steps for programs.
    package var json: [String: JSONValue] {
        let steps = sweep.steps.map { step -> JSONValue in
            [
                "accounts": .integer(Int64(step.accountCount)),
                "communities": .integer(Int64(step.communityCount)),
                "edges": .integer(Int64(step.edgeCount)),
                "groupedAccounts": .integer(Int64(step.groupedCount)),
                "modularity": .string("\(step.modularity)"),
                "threshold": .string(Self.text(step.threshold)),
            ]
        }
        return [
            "accounts": .integer(Int64(table.accounts.count)),
            "edges": .integer(Int64(table.edges.count)), "steps": .array(steps),
        ]
    }

    /// A whole number without a fraction, any other so that it reads back exactly.
    package static func text(_ value: Double) -> String {
        value == value.rounded() && value.magnitude < 1e18 ? "\(Int64(value))" : "\(value)"
    }
}
