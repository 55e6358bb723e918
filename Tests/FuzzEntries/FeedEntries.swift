// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import FeedKernels

extension FuzzEntry {
    /// The parsers of the feed.
    static let feeds: [FuzzEntry] = [
        entry("csv", records) { value, _ in
            var writer = CSVWriter()
            for record in value {
                for (index, field) in record.enumerated() {
                    if index > 0 { writer.comma() }
                    writer.append(field[...])
                }
                writer.endRecord()
            }
            // A record of one empty field is written as an empty line, which is none.
            let written = value.filter { $0 != [[]] }
            return try records(writer.bytes) == written
        },
        entry("edge-table", EdgeTable.init) { value, _ in
            var writer = CSVWriter()
            writer.record(["from", "to", "weight"])
            for edge in value.edges {
                // Parallel edges may add up to more than one may weigh.
                guard edge.weight <= EdgeTable.weightMax else { return true }
                for end in [edge.from, edge.to] {
                    writer.append(value.accounts[Int(end)][...])
                    writer.comma()
                }
                writer.append(Array("\(edge.weight)".utf8)[...])
                writer.endRecord()
            }
            let again = try EdgeTable(writer.bytes)
            return again.edges == value.edges && again.accounts == value.accounts
        },
        entry("stage-row", edges) { value, _ in
            var lines: [UInt8] = []
            for edge in value.edges {
                for end in [edge.from, edge.to] {
                    StageRecord.append(value.accounts[Int(end)][...], to: &lines)
                }
                let numbers = [edge.weight, edge.olderContentCount, edge.newerContentCount]
                for number in numbers.map({ Int64($0) }) + [edge.delaySum] {
                    StageRecord.append(Array("\(number)".utf8)[...], to: &lines)
                }
                StageRecord.end(&lines)
            }
            let again = try edges(lines)
            let names = { (read: Edges) in read.edges.map { read.accounts[Int($0.from)] } }
            return names(again) == names(value)
                && again.edges.map(\.delaySum) == value.edges.map(\.delaySum)
        },
    ]

    private typealias Edges = (accounts: [[UInt8]], edges: [CoShareEdge])

    /// Edges as Spark hands them over.
    @Sendable
    private static func edges(_ bytes: [UInt8]) throws -> Edges {
        var pipe = StagePipe(GatheredEdges(.coShare))
        _ = try pipe.append(bytes[...])
        let (shares, edges) = try pipe.finish().table()
        return ((0..<UInt32(shares.accounts.count)).map { Array(shares.accounts[$0]) }, edges)
    }

    /// The fields of all records.
    @Sendable
    private static func records(_ bytes: [UInt8]) throws -> [[[UInt8]]] {
        var scanner = CSVScanner(bytes)
        var records: [[[UInt8]]] = []
        scanner.skipEmptyLines()
        while !scanner.isAtEnd {
            var record: [[UInt8]] = []
            while true {
                let field = try scanner.nextField()
                record.append(Array(scanner.bytes[field.start..<field.end]))
                if field.isLast { break }
            }
            records.append(record)
            scanner.skipEmptyLines()
        }
        return records
    }
}
