// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What can be wrong with the input of a feed stage.
///
/// Cases say where, never what stood there.
package enum FeedKernelError: Error, Equatable, Sendable {
    /// A record of a file is malformed.
    case csv(CSVFault)
    /// The header of a CSV file lacks these columns.
    case missingColumns([String])
    /// The file has no header.
    case emptyFile
    /// More distinct identifiers, or bytes of them, than fit one table.
    case tooManyIdentifiers(limit: Int)
    /// The window holds more pairs than memory should.
    case tooManyPairs(limit: Int)
    /// More pairs of accounts have something in common than can be compared or held.
    case tooManySimilar(limit: Int)
    /// A parameter lies outside its range.
    case parameterOutOfRange(String)
}

/// Where a file is malformed, and what was expected there.
package struct CSVFault: Error, Equatable, Sendable {
    /// What a reader needed to find.
    package enum Expectation: Equatable, Sendable {
        /// A quote that ends the quoted field.
        case closingQuote
        /// A comma or a line end after a closing quote.
        case delimiterAfterQuote
        /// A quote only as the first character of a field (RFC 4180, section 2.5).
        case quoteAtFieldStart
        /// A line feed after a carriage return.
        case lineFeed
        /// As many fields as the header has.
        case fieldCount(Int)
        /// Seconds since 1970 or a date and time.
        case time
        /// An identifier that is not empty.
        case identifier
        /// One of these words.
        case oneOf([String])
        /// A whole number that is not negative.
        case count
        /// A number over 0 and not over a limit.
        case weight(limit: Double)
        /// Well-formed UTF-8 without NUL.
        case text
        /// At most so many bytes in a field or a record.
        case shorter(limit: Int)
        /// An object of JSON in UTF-8.
        case json
        /// A whole gzip file.
        case gzip
    }

    /// One-based line on which the record starts or, if a quoted field spans lines, the fault lies.
    package var line: Int
    /// One-based byte position in that line.
    package var column: Int
    /// The column's name, if the header gives one, or the member's of an object.
    package var field: String?
    /// What was expected.
    package var expected: Expectation

    /// Creates a fault at a place.
    package init(line: Int, column: Int, field: String? = nil, expected: Expectation) {
        self.line = line
        self.column = column
        self.field = field
        self.expected = expected
    }
}
