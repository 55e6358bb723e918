// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Sodium
package import Statements

/// The paper with one-time words: a row a cycle, two sets a row, and nothing that says which of the
/// two is read freely.
///
/// Spec: `docs/spec/switch.md`, section 3.13.
package struct WordsSheet: Equatable, Sendable {
    private static let title = "resguardo one-time words"
    private static let separator = " | "

    /// One of the two columns of the paper.
    package enum Column: Int, Sendable {
        case left, right
    }

    /// Left and right, from cycle 1.
    package let rows: [[OneTimeWords]]

    /// Fresh words.
    package init(rowCount: Int) {
        precondition((1...WordsRow.countMax).contains(rowCount), "rows of one arming")
        rows = (0..<rowCount).map { _ in [OneTimeWords(), OneTimeWords()] }
    }

    /// Reads a sheet.
    ///
    /// - Returns: `nil` for anything else, a wrong letter among them.
    package init?(parsing text: String) {
        let lines = text.split(separator: "\n")
        guard lines.first.map(String.init) == Self.title else { return nil }
        var rows: [[OneTimeWords]] = []
        for (index, line) in lines.dropFirst().enumerated() {
            let parts = line.split(separator: "  ", maxSplits: 1)
            guard parts.count == 2, Int(parts[0]) == index + 1 else { return nil }
            let sets = parts[1].split(separator: "|").compactMap { OneTimeWords(String($0)) }
            guard sets.count == 2 else { return nil }
            rows.append(sets)
        }
        guard (1...WordsRow.countMax).contains(rows.count) else { return nil }
        self.rows = rows
    }

    /// As it is printed.
    package var text: String {
        let lines = rows.enumerated().map { index, sets in
            "\(index + 1)  " + sets.map(\.text).joined(separator: Self.separator)
        }
        return ([Self.title] + lines).joined(separator: "\n") + "\n"
    }

    /// A sheet with what only its owner knows by heart.
    package struct Choice: Sendable {
        private let sheet: WordsSheet
        private let clean: Column

        /// The sheet, and the column that is read freely.
        package init(_ sheet: WordsSheet, clean: Column) {
            self.sheet = sheet
            self.clean = clean
        }

        /// What the arming shows.
        func rows(of id: SwitchID) -> [WordsRow] {
            sheet.rows.enumerated().map { index, sets in
                let each = sets.map { $0.commitment(of: id, cycle: Int64(index + 1)) }
                return WordsRow(each[0], each[1])
            }
        }

        /// What the trustees are told of it; bits of rows that are not there are random.
        func order(of id: SwitchID) -> UInt64 {
            var order = Self.noOrder()
            for (index, row) in rows(of: id).enumerated() {
                let words = sheet.rows[index][clean.rawValue]
                let mine = words.commitment(of: id, cycle: Int64(index + 1))
                let bit = UInt64(1) << UInt64(WordsRow.countMax - 1 - index)
                order = row.commitments[1] == mine ? order | bit : order & ~bit
            }
            return order
        }

        /// Random bits: nobody is told how many rows there are.
        static func noOrder() -> UInt64 {
            randomBytes(8).reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}
