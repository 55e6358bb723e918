// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import GRDB
internal import Synchronization

extension ItemIndex {
    /// Entries of the log whose rows one core reads at a time.
    private static let sliceCount: Int64 = 4096
    /// More than any log of a vault has.
    private static let entryCountMax: Int64 = 1 << 32

    /// The items of a case, the oldest first.
    ///
    /// - Parameters:
    ///   - casePseudonym: In hexadecimal.
    ///   - prefix: First digits of the object's name; empty for all.
    /// - Returns: Entries of the log, and their rows.
    /// - Throws: Database errors.
    package func items(
        of casePseudonym: String,
        prefix: String = ""
    ) throws -> [(entry: UInt64, row: Row)] {
        try map(of: casePseudonym, prefix: prefix) { ($0, $1) }
    }

    /// As ``items(of:prefix:)``, with something made of each row on all cores.
    ///
    /// Reading a row takes as long as opening what it holds, and a connection reads one at a time:
    /// so each core has one of its own. Rows are not kept, for few want to hold the sealed names of
    /// a whole case, a kilobyte each.
    ///
    /// - Throws: Database errors.
    package func map<Result: Sendable>(
        of casePseudonym: String,
        prefix: String = "",
        _ transform: @Sendable (UInt64, Row) -> Result
    ) throws -> [Result] {
        let selection = Selection(casePseudonym, prefix)
        guard let (first, last) = try read(selection.ends) else { return [] }
        let slices = stride(from: first, through: last, by: Int(Self.sliceCount)).map {
            $0...min($0 + Self.sliceCount - 1, last)
        }
        let state = Mutex(Collection<Result>(count: slices.count))
        let laneCount = isInMemory ? 1 : min(Workers.count, slices.count)
        Workers.run(laneCount) { _ in
            // The connection that is open has a large cache, which takes long to fill.
            let queue = laneCount > 1 ? another(upTo: last) ?? queue : queue
            while let slice = state.withLock({ $0.next() }) {
                do {
                    let results = try queue.read { database in
                        try selection.map(slices[slice], database, transform)
                    }
                    state.withLock { $0.results[slice] = results }
                } catch {
                    state.withLock { $0.failure = error }
                }
            }
        }
        return try Self.translating(path) {
            try state.withLock { state in
                if let failure = state.failure { throw failure }
                // Several times as fast as `joined()`.
                var results: [Result] = []
                results.reserveCapacity(state.results.reduce(0) { $0 + $1.count })
                for slice in state.results { results += slice }
                return results
            }
        }
    }

    /// Another connection to the same file; nil where another process has put a new file in its
    /// place, into which it is just adding rows: they come in order.
    private func another(upTo entry: Int64) -> DatabaseQueue? {
        var configuration = Self.configuration
        configuration.readonly = true
        let text = String(decoding: path.bytes, as: UTF8.self)
        guard let queue = try? DatabaseQueue(path: text, configuration: configuration) else {
            return nil
        }
        let isThere = try? queue.read { database in
            try Bool.fetchOne(
                database,
                sql: "SELECT EXISTS (SELECT 1 FROM items WHERE entry = ?)",
                arguments: [entry]
            )
        }
        return isThere == true ? queue : nil
    }

    /// What the lanes share.
    private struct Collection<Result> {
        var results: [[Result]]
        var failure: (any Error)?
        private var taken = 0

        init(count: Int) {
            results = Array(repeating: [], count: count)
        }

        /// The next slice that nobody has read.
        mutating func next() -> Int? {
            guard failure == nil, taken < results.count else { return nil }
            taken += 1
            return taken - 1
        }
    }

    /// Rows of a case.
    private struct Selection {
        private let casePseudonym: String
        private let condition: String
        private let arguments: StatementArguments

        init(_ casePseudonym: String, _ prefix: String) {
            self.casePseudonym = casePseudonym
            // The names that begin with some digits are those between them and the digits and `g`.
            condition = "case_pseudonym = ?" + (prefix.isEmpty ? "" : " AND object BETWEEN ? AND ?")
            arguments =
                prefix.isEmpty ? [casePseudonym] : [casePseudonym, prefix, prefix + "g"]
        }

        /// The first and the last entry; nil if there is none.
        func ends(_ database: Database) throws -> (Int64, Int64)? {
            let row = try GRDB.Row.fetchOne(
                database,
                // Two queries, for which SQLite only looks at the ends of an index.
                sql: """
                    SELECT (SELECT min(entry) FROM items WHERE \(condition)),
                        (SELECT max(entry) FROM items WHERE \(condition))
                    """,
                arguments: arguments + arguments
            )
            guard let first = try row?.decode(Int64?.self, atIndex: 0),
                let last = try row?.decode(Int64?.self, atIndex: 1)
            else { return nil }
            // A number that has rotted may be of any size, and each slice takes its place.
            guard first >= 0, first <= last, last < ItemIndex.entryCountMax else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT)
            }
            return (first, last)
        }

        /// Makes something of each row among some entries, read one by one.
        func map<Result>(
            _ entries: ClosedRange<Int64>,
            _ database: Database,
            _ transform: (UInt64, Row) -> Result
        ) throws -> [Result] {
            let statement = try database.cachedStatement(
                sql: """
                    SELECT * FROM items WHERE \(condition) AND entry BETWEEN ? AND ? ORDER BY entry
                    """
            )
            let ends: StatementArguments = [entries.lowerBound, entries.upperBound]
            let cursor = try GRDB.Row.fetchCursor(statement, arguments: arguments + ends)
            var results: [Result] = []
            while let row = try cursor.next() {
                let entry = try Row.entry(row)
                results.append(transform(entry, try Row(row, casePseudonym: casePseudonym)))
            }
            return results
        }
    }
}
