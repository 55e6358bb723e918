// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Errors of a stage as one line of text, as which they come back from a worker.
extension StageError {
    /// The error as a line.
    package var line: String {
        switch self {
        case .csv(let fault, let part):
            let name = String(decoding: part, as: UTF8.self)
            let place = "\(fault.line);\(fault.column);\(fault.field ?? "")"
            return "csv;\(place);\(fault.expected.word);\(name)"
        case .header(.missingColumns(let names)): return "columns;\(names.joined(separator: ","))"
        case .header: return "header"
        case .record(let number): return "record;\(number)"
        case .order(let number): return "order;\(number)"
        case .truncated: return "truncated"
        case .tooManyPairs(let limit): return "pairs;\(limit)"
        }
    }

    /// Reads ``line``.
    package init?(line: String) {
        let words = line.split(separator: ";", maxSplits: 5, omittingEmptySubsequences: false)
            .map(String.init)
        let number = words.count > 1 ? Int(words[1]) : nil
        switch (words[0], words.count, number) {
        case ("csv", 6, let line?):
            guard let column = Int(words[2]), let expected = CSVFault.Expectation(word: words[4])
            else { return nil }
            let field = words[3].isEmpty ? nil : words[3]
            self = .csv(
                CSVFault(line: line, column: column, field: field, expected: expected),
                part: Array(words[5].utf8)
            )
        case ("columns", 2, _):
            self = .header(.missingColumns(words[1].split(separator: ",").map(String.init)))
        case ("header", 1, _): self = .header(.emptyFile)
        case ("record", 2, let number?): self = .record(number)
        case ("order", 2, let number?): self = .order(number)
        case ("truncated", 1, _): self = .truncated
        case ("pairs", 2, let limit?): self = .tooManyPairs(limit: limit)
        default: return nil
        }
    }
}

extension CSVFault.Expectation {
    private static let plain: [(word: String, expected: CSVFault.Expectation)] = [
        ("closing-quote", .closingQuote), ("delimiter", .delimiterAfterQuote),
        ("quote-at-start", .quoteAtFieldStart), ("line-feed", .lineFeed), ("time", .time),
        ("identifier", .identifier), ("count", .count), ("text", .text), ("json", .json),
        ("gzip", .gzip),
    ]

    fileprivate var word: String {
        switch self {
        case .fieldCount(let count): "fields:\(count)"
        case .shorter(let limit): "shorter:\(limit)"
        default: Self.plain.first { $0.expected == self }?.word ?? ""
        }
    }

    fileprivate init?(word: String) {
        let parts = word.split(separator: ":").map(String.init)
        if parts.count == 2, let number = Int(parts[1]) {
            switch parts[0] {
            case "fields": self = .fieldCount(number)
            case "shorter": self = .shorter(limit: number)
            default: return nil
            }
        } else if let known = Self.plain.first(where: { $0.word == word }) {
            self = known.expected
        } else {
            return nil
        }
    }
}
