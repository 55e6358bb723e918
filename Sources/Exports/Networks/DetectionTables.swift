// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import FeedKernels

/// Accounts, groups and evidence as CSV, in the same columns under every rule.
///
/// Identifiers are written byte for byte: a table that is joined with the data must not differ
/// from it, so that cells that a spreadsheet would take for formulas are left as they are.
///
/// Spec: RFC 4180; `docs/spec/detection-files.md`, section 3.
package enum DetectionTables {
    /// Each account with an edge, its group and role: groups first, in their order.
    ///
    /// - Returns: The table.
    package static func accounts(of networks: DetectedNetworks) -> [UInt8] {
        var writer = CSVWriter()
        writer.record(["account_id", "community", "role"])
        func append(_ index: Int) {
            let account = networks.accounts[index]
            writer.append(networks.name(index))
            writer.comma()
            if let group = account.group { writer.append(Int64(group + 1)) }
            writer.comma()
            writer.append(Array(account.role.rawValue.utf8)[...])
            writer.endRecord()
        }
        for group in networks.groups { (group.core + group.attached).forEach(append) }
        for role in [DetectedNetworks.Role.sharedSource, .none] {
            for (index, account) in networks.accounts.enumerated()
            where account.group == nil && account.role == role {
                append(index)
            }
        }
        return writer.bytes
    }

    /// Each group in numbers.
    ///
    /// - Returns: The table.
    package static func groups(of networks: DetectedNetworks) -> [UInt8] {
        var writer = CSVWriter()
        writer.record(["community", "accounts", "attached", "edges", "weight", "stability"])
        for (index, group) in networks.groups.enumerated() {
            let counts = [
                index + 1, group.core.count, group.attached.count, group.edgeCount, group.weight,
            ]
            for count in counts {
                writer.append(Int64(count))
                writer.comma()
            }
            if let stability = group.stability {
                writer.append(Array("\(stability)".utf8)[...])
            }
            writer.endRecord()
        }
        return writer.bytes
    }

    /// What each account of a declared edge has in it.
    ///
    /// - Returns: The table.
    package static func contributions(of networks: DetectedNetworks) -> [UInt8] {
        var writer = CSVWriter()
        writer.record([
            "from", "to", "community", "objects", "contents", "contents_y", "earlier", "earlier_y",
        ])
        for part in networks.contributions() {
            let edge = networks.edges[part.edge]
            writer.append(networks.name(min(edge.from, edge.to)))
            writer.comma()
            writer.append(networks.name(max(edge.from, edge.to)))
            writer.comma()
            if let group = networks.group(of: edge) { writer.append(Int64(group + 1)) }
            for count in [part.objectCount] + part.contentCounts + part.leadCounts {
                writer.comma()
                writer.append(Int64(count))
            }
            writer.endRecord()
        }
        return writer.bytes
    }

    /// Each thing in which two accounts of a declared edge met, with the closest pair of shares.
    ///
    /// - Returns: The table.
    package static func evidence(
        of networks: DetectedNetworks,
        _ meetings: [DetectedMeeting]
    ) -> [UInt8] {
        var writer = CSVWriter()
        writer.record([
            "from", "to", "community", "object_id", "content_id", "content_id_y", "time", "time_y",
            "pairs",
        ])
        let shares = networks.shares
        for meeting in meetings {
            let edge = networks.edges[meeting.edge]
            writer.append(shares.accounts[shares.account[meeting.row]])
            writer.comma()
            writer.append(shares.accounts[shares.account[meeting.otherRow]])
            writer.comma()
            if let group = networks.group(of: edge) { writer.append(Int64(group + 1)) }
            writer.comma()
            writer.append(shares.objects[meeting.object])
            for row in [meeting.row, meeting.otherRow] {
                writer.comma()
                writer.append(shares.contents[shares.content[row]])
            }
            let times = [meeting.row, meeting.otherRow].map { shares.time[$0] }
            for number in times + [Int64(meeting.pairCount)] {
                writer.comma()
                writer.append(number)
            }
            writer.endRecord()
        }
        return writer.bytes
    }
}
