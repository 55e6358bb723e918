// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// An XML document, line by line; a long one is handed on a hundred kilobytes at a time.
package struct XMLLines {
    private static let pieceCount = 100_000

    /// What was not handed on yet.
    package private(set) var bytes: [UInt8] = []

    /// Begins an empty document.
    package init() {}

    /// Adds a line of markup.
    package mutating func add(_ markup: String) {
        bytes += Array(markup.utf8)
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Adds a line with a text, which is escaped, between markup.
    package mutating func add(_ before: String, _ text: String, _ after: String) {
        bytes += Array(before.utf8)
        XMLText.append(text, to: &bytes)
        add(after)
    }

    /// Adds a line of markup, and hands on what there is if it is enough.
    ///
    /// - Throws: What the sink throws.
    package mutating func add(_ markup: String, to sink: ([UInt8]) throws -> Void) throws {
        add(markup)
        if bytes.count >= Self.pieceCount { try finish(sink) }
    }

    /// Hands on the rest.
    ///
    /// - Throws: What the sink throws.
    package mutating func finish(_ sink: ([UInt8]) throws -> Void) throws {
        try sink(bytes)
        bytes = []
    }
}
