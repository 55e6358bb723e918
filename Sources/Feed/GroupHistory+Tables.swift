// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
internal import FeedKernels

/// What became of groups, as tables and as a document.
///
/// Spec: `docs/spec/communities.md`, section 4.
extension GroupHistory {
    /// A row a group and period in which something happened to it.
    package var lifeTable: [UInt8] {
        var writer = CSVWriter()
        writer.record([
            "group", "period", "from", "to", "accounts", "edges", "jaccard", "event", "other",
        ])
        for row in lives.rows {
            let period = periods[row.period]
            let place = row.group
            let span = span(of: row.period)
            writer.record([
                "\(row.life + 1)", "\(number(of: row.period))", "\(span.from)", "\(span.to)",
                "\(place.flatMap { period?.groups[$0].count } ?? 0)",
                "\(place.flatMap { period?.edgeCounts[$0] } ?? 0)",
                row.jaccard.map { "\($0)" } ?? "", row.event.rawValue,
                row.other.map { "\($0 + 1)" } ?? "",
            ])
        }
        return writer.bytes
    }

    /// A row an account of a group in a period.
    package var memberTable: [UInt8] {
        var writer = CSVWriter()
        writer.record(["group", "period", "account_id"])
        for row in lives.rows {
            guard let group = row.group, let period = periods[row.period] else { continue }
            for account in period.groups[group] {
                writer.append(Int64(row.life + 1))
                writer.comma()
                writer.append(Int64(number(of: row.period)))
                writer.comma()
                writer.append(accounts[account])
                writer.endRecord()
            }
        }
        return writer.bytes
    }

    /// A row a period with shares.
    package var periodTable: [UInt8] {
        var writer = CSVWriter()
        writer.record(["period", "from", "to", "shares", "groups", "accounts"])
        for (key, period) in periods.sorted(by: { $0.key < $1.key }) {
            let accountCount = period.groups.reduce(0) { $0 + $1.count }
            let span = span(of: key)
            writer.record([
                "\(number(of: key))", "\(span.from)", "\(span.to)", "\(period.shareCount)",
                "\(period.groups.count)", "\(accountCount)",
            ])
        }
        return writer.bytes
    }

    /// What was found; the rule's parameters are the caller's.
    package var json: [String: JSONValue] {
        let rows = lives.rows.map { row -> JSONValue in
            var members: [String: JSONValue] = [
                "event": .string(row.event.rawValue), "group": .integer(Int64(row.life + 1)),
                "period": .integer(Int64(number(of: row.period))),
            ]
            members["jaccard"] = row.jaccard.map { .string("\($0)") }
            members["other"] = row.other.map { .integer(Int64($0 + 1)) }
            return .object(members)
        }
        return [
            "data": data, "groups": .integer(Int64(lives.count)), "lives": .array(rows),
            "periods": .integer(Int64(periods.count)),
        ]
    }

    /// The number that a person sees: 1 for the first period with shares.
    package func number(of period: Int) -> Int { period - first + 1 }
}
