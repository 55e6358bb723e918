// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Reads canonical JSON of one known form, member after member, without building a document.
///
/// For short texts that are read by the hundred thousand: a dictionary for each takes longer than
/// decrypting it.
package struct FixedJSONReader {
    private var parser: JSONParser

    /// A reader at the beginning of `bytes`.
    package init(_ bytes: [UInt8]) {
        parser = JSONParser(bytes)
    }

    /// Bytes read so far.
    package var offset: Int { parser.position }

    /// Steps over `text` if it is what comes next, and tells whether it was.
    package mutating func skip(_ text: StaticString) -> Bool { parser.skip(text) }

    /// Steps over `text`, which has to come next, and reads the integer behind it.
    ///
    /// - Throws: ``EncodingError``.
    package mutating func integer(after text: StaticString) throws(EncodingError) -> Int64 {
        try expect(text)
        return try parser.parseInteger()
    }

    /// Steps over `text`, which has to come next, and reads the string behind it.
    ///
    /// - Throws: ``EncodingError``.
    package mutating func string(after text: StaticString) throws(EncodingError) -> String {
        try expect(text)
        return try parser.parseString()
    }

    /// Steps over `text`, which has to come next.
    ///
    /// - Throws: `.malformedJSON`.
    package mutating func expect(_ text: StaticString) throws(EncodingError) {
        guard parser.skip(text) else { throw .malformedJSON(offset: parser.position) }
    }
}
