// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import FeedKernels

/// When the accounts of each group shared what they met in: a strip for each account.
///
/// Spec: `docs/spec/detection-files.md`, section 6.
package struct TimingPicture {
    /// The most groups, and accounts of each, that are drawn.
    static let groupCountMax = 10
    static let accountCountMax = 24

    private static let width = 1200
    private static let nameWidth = 220
    private static let stripWidth = 940
    private static let stripHeight = 14
    private static let headHeight = 44

    private let networks: DetectedNetworks
    private let groups: [Strips]

    /// A group's accounts, with the columns in which each has shares.
    private struct Strips {
        let group: Int
        let range: ClosedRange<Int64>
        let accounts: [Int]
        let meetings: [Set<Int>]
        let others: [Set<Int>]
        let accountCount: Int
    }

    /// Chooses what is drawn: of each group the accounts that met most.
    package init(of networks: DetectedNetworks, _ meetings: [DetectedMeeting]) {
        self.networks = networks
        var rowsOf: [Int: Set<Int>] = [:]
        for meeting in meetings {
            let edge = networks.edges[meeting.edge]
            guard let group = networks.group(of: edge), group < Self.groupCountMax else { continue }
            // Rows go by byte order of accounts, and so do indices.
            rowsOf[min(edge.from, edge.to), default: []].insert(meeting.row)
            rowsOf[max(edge.from, edge.to), default: []].insert(meeting.otherRow)
        }
        let evidence = GroupEvidence.all(of: networks, meetings)
        var chosen: [[Int]] = []
        for group in networks.groups.prefix(Self.groupCountMax) {
            let counted = (group.core + group.attached).sorted { left, right in
                (rowsOf[right]?.count ?? 0, left) < (rowsOf[left]?.count ?? 0, right)
            }
            chosen.append(Array(counted.prefix(Self.accountCountMax)))
        }
        let all = Self.rows(of: Set(chosen.joined()), in: networks)
        groups = chosen.enumerated().compactMap { index, accounts in
            guard evidence[index].meetingCount > 0 else { return nil }
            let range = evidence[index].first...evidence[index].last
            func columns(_ rows: some Sequence<Int>) -> Set<Int> {
                Set(rows.compactMap { Self.column(networks.shares.time[$0], in: range) })
            }
            let met = accounts.map { columns(rowsOf[$0] ?? []) }
            return Strips(
                group: index,
                range: range,
                accounts: accounts,
                meetings: met,
                others: zip(accounts, met).map { columns(all[$0] ?? []).subtracting($1) },
                accountCount: networks.groups[index].core.count
                    + networks.groups[index].attached.count
            )
        }
    }

    /// All shares of some accounts.
    private static func rows(
        of accounts: Set<Int>,
        in networks: DetectedNetworks
    ) -> [Int: [Int]] {
        var places: [UInt32: Int] = [:]
        for account in accounts { places[networks.accounts[account].id] = account }
        var rows: [Int: [Int]] = [:]
        for (row, id) in networks.shares.account.enumerated() {
            if let account = places[id] { rows[account, default: []].append(row) }
        }
        return rows
    }

    /// The column of a time; `nil` outside of the range.
    private static func column(_ time: Int64, in range: ClosedRange<Int64>) -> Int? {
        guard range.contains(time) else { return nil }
        let length = Double(range.upperBound - range.lowerBound)
        guard length > 0 else { return 0 }
        return Int(Double(time - range.lowerBound) / length * Double(stripWidth - 1))
    }

    /// Draws it.
    ///
    /// - Parameter provenance: What it was made from, and how.
    /// - Returns: The file.
    package func svg(_ provenance: DetectionProvenance) -> [UInt8] {
        let height = groups.reduce(70) { sum, group in
            sum + Self.headHeight + group.accounts.count * Self.stripHeight + 20
        }
        var file = XMLLines()
        PictureText.open(Self.width, height, provenance, in: &file)
        var y = 20
        for group in groups {
            addHead(group, at: y, to: &file)
            y += Self.headHeight
            for place in group.accounts.indices {
                add(group, place, at: y, to: &file)
                y += Self.stripHeight
            }
            y += 20
        }
        addCaption(at: y, to: &file)
        file.add("</svg>")
        return file.bytes
    }

    private func addHead(_ group: Strips, at y: Int, to file: inout XMLLines) {
        let times = [group.range.lowerBound, group.range.upperBound].map { seconds in
            Encodings.Timestamp(seconds: GroupEvidence.moment(seconds)).rfc3339
        }
        let counts = (group.accounts.count, group.accountCount)
        let span = "\(times[0]) – \(times[1])"
        PictureText.add(
            "\(group.group + 1): \(counts.0) of \(counts.1) accounts, \(span)",
            at: (10, y),
            language: "en",
            in: &file
        )
        PictureText.add(
            "\(group.group + 1): \(counts.0) de \(counts.1) cuentas, \(span)",
            at: (10, y + 16),
            size: 11,
            language: "es",
            in: &file
        )
    }

    private func add(
        _ group: Strips,
        _ place: Int,
        at y: Int,
        to file: inout XMLLines
    ) {
        let name = ShownName.text(networks.name(group.accounts[place]))
        PictureText.add(name, at: (10, y + 4), size: 10, in: &file)
        let marks = [
            (group.others[place], "#bbbbbb"),
            (group.meetings[place], PictureText.colour(group.group)),
        ]
        for (columns, colour) in marks where !columns.isEmpty {
            let path = columns.sorted().map { "M\(Self.nameWidth + $0) \(y - 5)v10" }.joined()
            file.add("<path d=\"\(path)\" stroke=\"\(colour)\"/>")
        }
    }

    private func addCaption(at y: Int, to file: inout XMLLines) {
        let (shown, all) = (groups.count, networks.groups.count)
        PictureText.add(
            "Drawn: \(shown) of \(all) groups. Coloured: shares that met another's. "
                + "Grey: the account's other shares. Times in UTC.",
            at: (10, y),
            language: "en",
            in: &file
        )
        PictureText.add(
            "Dibujado: \(shown) de \(all) grupos. En color: difusiones que coincidieron. "
                + "En gris: las demás de la cuenta. Horas en UTC.",
            at: (10, y + 16),
            size: 11,
            language: "es",
            in: &file
        )
    }
}
