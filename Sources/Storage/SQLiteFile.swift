// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import GRDB

/// What can be wrong with an SQLite file.
package enum SQLiteFileError: Error, Equatable, Sendable {
    /// It is no SQLite file.
    case notADatabase
    /// It is an SQLite file of another program.
    case otherApplication
    /// It has a version of the schema that this program does not know.
    case unknownVersion(Int)
    /// It is damaged.
    case damaged
    /// It cannot be opened.
    case cannotOpen
    /// It may not be written.
    case readOnly
    /// The disk is full.
    case diskFull
    /// Another process keeps it locked.
    case locked
    /// SQLite refused with this extended result code.
    case failed(code: Int)
}

/// A value of a column.
package enum SQLiteValue: Equatable, Sendable {
    case integer(Int64)
    case text(String)
    case null

    fileprivate var database: DatabaseValue {
        switch self {
        case .integer(let value): value.databaseValue
        case .text(let value): value.databaseValue
        case .null: .null
        }
    }
}

/// An SQLite file of one application and schema version, for data sets that people pass on.
package final class SQLiteFile: Sendable {
    /// What makes a file ours: the number in its header, and the schema that it starts with.
    package struct Schema: Sendable {
        /// The `application_id` of the file's header.
        package let applicationID: Int32
        /// The `user_version` of the file's header.
        package let version: Int
        /// Statements that make an empty file.
        package let creation: String

        package init(applicationID: Int32, version: Int, creation: String) {
            self.applicationID = applicationID
            self.version = version
            self.creation = creation
        }
    }

    private let queue: DatabaseQueue

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - schema: What it must hold.
    ///   - isCreated: Whether it is made if it does not exist; otherwise it is opened for reading.
    /// - Throws: A ``SQLiteFileError``.
    package init(path: String, schema: Schema, isCreated: Bool) throws(SQLiteFileError) {
        var configuration = Configuration()
        configuration.readonly = !isCreated
        configuration.busyMode = .timeout(5)
        queue = try Self.mapped {
            let open = {
                let queue = try DatabaseQueue(path: path, configuration: configuration)
                try queue.inDatabase { try Self.check($0, schema, isCreated) }
                return queue
            }
            do {
                return try open()
            } catch let error as DatabaseError
                where error.extendedResultCode == .SQLITE_READONLY_ROLLBACK
            {
                try Self.rollBack(path)
                return try open()
            }
        }
    }

    /// Takes back what a process that was killed had begun, which a reader may not.
    private static func rollBack(_ path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        _ = try queue.inDatabase { try Int.fetchOne($0, sql: "PRAGMA user_version") }
        try queue.close()
    }

    /// Changes the file in one transaction: all or nothing, also when the process is killed.
    package func write<Value>(
        _ body: (SQLiteConnection) throws -> Value
    ) throws -> Value {
        try Self.rethrown { try queue.write { try body(SQLiteConnection($0)) } }
    }

    /// Reads the file in one transaction: one state of it.
    package func read<Value>(
        _ body: (SQLiteConnection) throws -> Value
    ) throws -> Value {
        try Self.rethrown { try queue.read { try body(SQLiteConnection($0)) } }
    }

    private static func check(_ database: Database, _ schema: Schema, _ isCreated: Bool) throws {
        let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let tableCount = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        if application == 0 && version == 0 && tableCount == 0 && isCreated {
            try database.inTransaction {
                try database.execute(sql: schema.creation)
                try database.execute(sql: "PRAGMA application_id = \(schema.applicationID)")
                try database.execute(sql: "PRAGMA user_version = \(schema.version)")
                return .commit
            }
            return
        }
        guard application == schema.applicationID else { throw SQLiteFileError.otherApplication }
        guard version == schema.version else { throw SQLiteFileError.unknownVersion(version) }
    }

    /// Turns errors of the library into ours, and lets others pass.
    private static func rethrown<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw fault(error)
        }
    }

    private static func mapped<Value>(
        _ body: () throws -> Value
    ) throws(SQLiteFileError) -> Value {
        do {
            return try body()
        } catch let error as SQLiteFileError {
            throw error
        } catch let error as DatabaseError {
            throw fault(error)
        } catch {
            throw .cannotOpen
        }
    }

    private static func fault(_ error: DatabaseError) -> SQLiteFileError {
        switch error.resultCode {
        case .SQLITE_NOTADB: .notADatabase
        case .SQLITE_CORRUPT: .damaged
        case .SQLITE_CANTOPEN: .cannotOpen
        case .SQLITE_READONLY, .SQLITE_PERM: .readOnly
        case .SQLITE_FULL: .diskFull
        case .SQLITE_BUSY, .SQLITE_LOCKED: .locked
        default: .failed(code: Int(error.extendedResultCode.rawValue))
        }
    }
}

/// A file within a transaction.
package struct SQLiteConnection {
    private let database: Database

    fileprivate init(_ database: Database) { self.database = database }

    /// Runs a statement once.
    package func execute(_ sql: String, _ values: [SQLiteValue] = []) throws {
        try statement(sql).execute(values)
    }

    /// Prepares a statement that is run often.
    package func statement(_ sql: String) throws -> SQLiteStatement {
        SQLiteStatement(statement: try database.makeStatement(sql: sql))
    }

    /// The number of the last row that was inserted.
    package var lastInsertedRow: Int64 { database.lastInsertedRowID }

    /// How many rows the last statement changed.
    package var changedCount: Int { database.changesCount }

    /// Reads the rows of a query one by one.
    package func rows(
        _ sql: String,
        _ values: [SQLiteValue] = [],
        _ body: (SQLiteRow) throws -> Void
    ) throws {
        let arguments = StatementArguments(values.map(\.database))
        let cursor = try Row.fetchCursor(database, sql: sql, arguments: arguments)
        while let row = try cursor.next() { try body(SQLiteRow(row)) }
    }
}

/// A prepared statement.
package struct SQLiteStatement {
    fileprivate let statement: Statement

    /// Runs it with values for its `?`.
    package func execute(_ values: [SQLiteValue]) throws {
        try statement.execute(arguments: StatementArguments(values.map(\.database)))
    }

    /// The integer in the first row and column of what it finds, if it finds anything.
    package func firstInteger(_ values: [SQLiteValue]) throws -> Int64? {
        try Int64.fetchOne(statement, arguments: StatementArguments(values.map(\.database)))
    }
}

/// A row of a query; valid until the next one is read.
package struct SQLiteRow {
    private let row: Row

    fileprivate init(_ row: Row) { self.row = row }

    /// The integer in a column; 0 for no value.
    package func integer(_ column: Int) -> Int64 { row[column] as Int64? ?? 0 }

    /// The text in a column, if it has a value.
    package func text(_ column: Int) -> String? { row[column] as String? }

    /// Whether a column has no value.
    package func isNull(_ column: Int) -> Bool { row.hasNull(atIndex: column) }
}
