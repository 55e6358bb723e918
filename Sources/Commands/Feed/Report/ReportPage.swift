// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Exports

/// A page of findings in one language, before it is HTML or Markdown.
///
/// Spec: `docs/spec/report.md`.
struct ReportPage {
    /// A piece of a page.
    enum Block {
        /// Begins a part of the page.
        case heading(String)
        /// Sentences of ours.
        case paragraph(String)
        /// A table; what stands in it may be strangers' words.
        case table(header: [String], rows: [[String]])
        /// A picture, and the file that it is from.
        case picture(svg: [UInt8], path: String, says: String)
        /// Lines to copy.
        case code([String])
    }

    /// The longest text in a cell, and the longest line to copy, in code points.
    private static let cellCountMax = 300
    private static let lineCountMax = 4000

    let language: Language
    let title: String
    private(set) var blocks: [Block] = []

    init(_ title: Text, in language: Language) {
        self.language = language
        self.title = title[language]
    }

    /// Begins a part.
    mutating func begin(_ heading: Text) { blocks.append(.heading(heading[language])) }

    /// Adds a paragraph.
    mutating func say(_ sentences: Text) { blocks.append(.paragraph(sentences[language])) }

    /// Adds a table of cells that may be strangers' words; an empty one is left out.
    mutating func tabulate(_ header: [Text], _ rows: [[String]]) {
        guard !rows.isEmpty else { return }
        let shown = rows.map { row in row.map { Self.shown($0) } }
        blocks.append(.table(header: header.map { $0[language] }, rows: shown))
    }

    /// Adds a picture.
    mutating func draw(_ svg: [UInt8], from path: String, _ says: Text) {
        blocks.append(.picture(svg: svg, path: path, says: says[language]))
    }

    /// Adds lines to copy.
    mutating func quote(_ lines: [String]) {
        blocks.append(.code(lines.map { Self.shown($0, countMax: Self.lineCountMax) }))
    }

    /// Unix seconds as a date, where they can be one.
    static func moment(_ seconds: Int64) -> String {
        (0...Timestamp.secondsMax).contains(seconds)
            ? Timestamp(seconds: seconds).rfc3339 : "\(seconds)"
    }

    /// A share as a percentage.
    static func percent(_ share: Double) -> String {
        FeedReport.number(share * 100, digits: 1) + " %"
    }

    /// A stranger's word as a page may show it.
    private static func shown(_ word: String, countMax: Int = cellCountMax) -> String {
        ShownName.text(Array(word.utf8)[...], countMax: countMax)
    }
}
