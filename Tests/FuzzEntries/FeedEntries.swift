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
        }
    ]

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
