// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Foundation
internal import GRDB
internal import Glibc

/// The list of items in SQLite: what `list` reads instead of a thousand small files.
///
/// A projection of log and statements that may be deleted at any moment. Rows are only ever added;
/// triggers refuse everything else. Names are sealed before they come here.
///
/// Spec: `docs/spec/vault.md`, section 5.4.
package struct ItemIndex: Sendable {
    /// One item.
    package struct Row: Equatable, Sendable {
        /// Name of the sealed object.
        package let object: String
        /// Pseudonym of the case, in hexadecimal.
        package let casePseudonym: String
        /// Length of the sealed object.
        package let sizeBytes: Int64
        /// Day of the deposit.
        package let date: String
        /// Sealed names.
        package let summary: [UInt8]

        /// A row.
        package init(
            object: String,
            casePseudonym: String,
            sizeBytes: Int64,
            date: String,
            summary: [UInt8]
        ) {
            self.object = object
            self.casePseudonym = casePseudonym
            self.sizeBytes = sizeBytes
            self.date = date
            self.summary = summary
        }

        /// Columns 1 to 5 of a row, by their numbers, which is much faster than by their names; the
        /// second unless it is known.
        init(_ row: GRDB.Row, casePseudonym: String? = nil) throws {
            object = try row.decode(atIndex: 1)
            self.casePseudonym = try casePseudonym ?? row.decode(atIndex: 2)
            sizeBytes = try row.decode(atIndex: 3)
            date = try row.decode(atIndex: 4)
            summary = try row.withUnsafeData(atIndex: 5) { Array($0 ?? Data()) }
            // What a name rots to may be a path that nobody may take.
            guard ObjectStore.isName(object), sizeBytes >= 0 else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT)
            }
        }

        /// Column 0 of a row.
        static func entry(_ row: GRDB.Row) throws -> UInt64 {
            guard let entry = UInt64(exactly: try row.decode(Int64.self, atIndex: 0)) else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT)
            }
            return entry
        }
    }

    /// The version of the tables; an index of another version is made anew.
    private static let version = 1
    /// Rows inserted in one transaction.
    private static let batchCount = 10_000

    private static let schema = """
        CREATE TABLE items (
            entry INTEGER PRIMARY KEY,
            object TEXT NOT NULL UNIQUE,
            case_pseudonym TEXT NOT NULL,
            size INTEGER NOT NULL,
            date TEXT NOT NULL,
            summary BLOB NOT NULL
        ) STRICT;
        CREATE INDEX items_by_case ON items (case_pseudonym, entry);
        CREATE TRIGGER items_keep BEFORE DELETE ON items
            BEGIN SELECT RAISE(ABORT, 'items are never deleted'); END;
        CREATE TRIGGER items_stay BEFORE UPDATE ON items
            BEGIN SELECT RAISE(ABORT, 'items are never changed'); END;
        PRAGMA user_version = \(version);
        """

    let queue: DatabaseQueue
    let path: BytePath
    /// In memory, where no other connection sees it.
    let isInMemory: Bool

    /// Opens the index, or makes a new one where there is none that this version can read.
    ///
    /// On a disk that cannot be written, the index is made in memory: reading has to go on.
    ///
    /// - Parameter path: Its file.
    /// - Returns: The index, behind the log by any number of entries.
    /// - Throws: ``FileFailure``.
    package static func open(_ path: BytePath) throws -> ItemIndex {
        guard hasOnlyFiles(path) else { return try replace(path) }
        do {
            let index = try ItemIndex(path)
            return try index.hasOurDefinitions() ? index : replace(path)
        } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_ERROR, .SQLITE_MISMATCH:
                return try replace(path)
            case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
                return try translating(path) { try ItemIndex(nil) }
            default:
                return try translating(path) { throw error }
            }
        }
    }

    /// Makes a new index in place of what is there.
    ///
    /// - Parameter path: Its file.
    /// - Returns: The index, empty.
    /// - Throws: ``FileFailure``.
    package static func replace(_ path: BytePath) throws -> ItemIndex {
        for file in files(of: path) where FileStatus.exists(file) {
            try LocalFileSystem().remove(file)
        }
        return try translating(path) { try ItemIndex(path) }
    }

    /// What SQLite has of a database.
    private static func files(of path: BytePath) -> [BytePath] {
        ["", "-wal", "-shm", "-journal"].map { BytePath(path.bytes + Array($0.utf8)) }
    }

    /// Whether there is nothing but files, or nothing: SQLite would wait for ever at a pipe, and
    /// follow a link.
    static func hasOnlyFiles(_ path: BytePath) -> Bool {
        files(of: path).allSatisfy { file in
            guard let status = try? FileStatus(of: file, followingLinks: false) else { return true }
            return status.kind == .file || status.kind == .directory
        }
    }

    /// Of each connection: another process may be writing for some seconds.
    static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        return configuration
    }

    /// Opens an index that is there, as it is.
    init(existing path: BytePath) throws {
        var configuration = Self.configuration
        let text = String(decoding: path.bytes, as: UTF8.self)
        self.path = path
        isInMemory = false
        if let queue = try? DatabaseQueue(path: text, configuration: configuration) {
            self.queue = queue
        } else {
            // On a disk that cannot be written.
            configuration.readonly = true
            queue = try DatabaseQueue(path: text, configuration: configuration)
        }
    }

    init(_ path: BytePath?) throws {
        var configuration = Self.configuration
        configuration.prepareDatabase { database in
            // Names of objects are random, so rows come to all pages of their index by turns.
            try database.execute(sql: "PRAGMA cache_size = -65536")
        }
        if let path {
            let text = String(decoding: path.bytes, as: UTF8.self)
            queue = try DatabaseQueue(path: text, configuration: configuration)
        } else {
            queue = try DatabaseQueue(configuration: configuration)
        }
        self.path = path ?? BytePath("index.sqlite")
        isInMemory = path == nil
        try queue.write { database in
            let version = try Int.fetchOne(database, sql: "PRAGMA user_version")
            if version == Self.version { return }
            guard version == 0 else {
                throw DatabaseError(resultCode: .SQLITE_MISMATCH)
            }
            try database.execute(sql: Self.schema)
        }
    }

    /// Failures of the database as those of its file.
    static func translating<R>(_ path: BytePath, _ body: () throws -> R) throws -> R {
        do {
            return try body()
        } catch let error as DatabaseError {
            let code: Int32
            switch error.resultCode {
            // Found where it was read, which may be long after it was opened; a row that is there
            // and was not found before is no better.
            case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_CONSTRAINT:
                throw FileFailure.damaged(path)
            case .SQLITE_FULL: code = ENOSPC
            case .SQLITE_READONLY: code = EROFS
            case .SQLITE_CANTOPEN, .SQLITE_PERM: code = EACCES
            case .SQLITE_BUSY, .SQLITE_LOCKED: code = EAGAIN
            default: code = EIO
            }
            throw FileFailure(.write, path, code: code)
        } catch is RowDecodingError {
            // A column of another type: tables are strict, so we did not write it.
            throw FileFailure.damaged(path)
        }
    }

    /// Entries are added one after the other from 0, so the last tells how many there are.
    private static let countQuery = "SELECT ifnull(max(entry) + 1, 0) FROM items"

    private static func count(in database: Database) throws -> UInt64 {
        try GRDB.Row.fetchOne(database, sql: countQuery).map { try Row.entry($0) } ?? 0
    }

    /// How many items there are: the entries 0..<count of the log.
    package func count() throws -> UInt64 {
        try read { database in
            try Self.count(in: database)
        }
    }

    /// Adds rows for the entries that are missing, in order.
    ///
    /// While some are written, `next` is asked for those after them.
    ///
    /// - Parameter next: The rows from an entry on, at most ``batchCount``; none at the end of the
    ///   log.
    /// - Throws: What `next` throws; ``FileFailure``. Rows added before that stay.
    package func append(_ next: (Range<UInt64>) throws -> [Row]) throws {
        func read(from start: UInt64) throws -> [Row] {
            try next(start..<(start + UInt64(Self.batchCount)))
        }
        var start = try count()
        var rows = try read(from: start)
        while !rows.isEmpty {
            let end = start + UInt64(rows.count)
            var written = Result<UInt64, any Error>.success(end)
            var following = Result<[Row], any Error>.success([])
            // Each lane sets one of the two; the last one is the caller's, which `next` may want.
            Workers.run(2) { lane in
                if lane == 0 {
                    written = Result { try write(rows, at: start) }
                } else {
                    following = Result { try read(from: end) }
                }
            }
            start = try written.get()
            // Where another process was faster, what was read is there already.
            rows = start == end ? try following.get() : try read(from: start)
        }
    }

    /// Writes rows in one transaction, but for those that another process has written meanwhile.
    ///
    /// - Returns: How many there are then.
    private func write(_ rows: [Row], at start: UInt64) throws -> UInt64 {
        try Self.translating(path) {
            try queue.write { database in
                let count = Int64(clamping: try Self.count(in: database))
                let statement = try database.cachedStatement(
                    sql: "INSERT INTO items VALUES (?, ?, ?, ?, ?, ?)"
                )
                let missing = zip(Int64(start)..., rows).drop { $0.0 < count }
                for (entry, row) in missing {
                    try statement.execute(arguments: [
                        entry, row.object, row.casePseudonym, row.sizeBytes, row.date,
                        Data(row.summary),
                    ])
                }
                return max(UInt64(count), start + UInt64(rows.count))
            }
        }
    }

    /// The row of an entry.
    package func row(_ entry: UInt64) throws -> Row? {
        try read { database in
            try GRDB.Row.fetchOne(
                database,
                sql: "SELECT * FROM items WHERE entry = ?",
                arguments: [Int64(clamping: entry)]
            ).map { try Row($0) }
        }
    }

    /// How many items each case has.
    package func countsByCase() throws -> [String: Int] {
        try read { database in
            let rows = try GRDB.Row.fetchAll(
                database,
                sql: "SELECT case_pseudonym, count(*) AS items FROM items GROUP BY case_pseudonym"
            )
            return Dictionary(
                try rows.map { (try $0.decode(atIndex: 0), try $0.decode(atIndex: 1)) },
                uniquingKeysWith: { $0 + $1 }
            )
        }
    }

    func read<R>(_ body: (Database) throws -> R) throws -> R {
        try Self.translating(path) { try queue.read(body) }
    }
}
