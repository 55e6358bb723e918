// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import GRDB
internal import GRDBSQLite

/// A value of a column.
package enum SQLiteValue: Equatable, Sendable {
    case integer(Int64)
    case text(String)
    case null
}

/// A file within a transaction.
package struct SQLiteConnection {
    private let database: Database

    init(_ database: Database) { self.database = database }

    /// Runs a statement once.
    package func execute(_ sql: String, _ values: [SQLiteValue] = []) throws {
        try statement(sql).execute(values)
    }

    /// Prepares a statement that is run often.
    package func statement(_ sql: String) throws -> SQLiteStatement {
        SQLiteStatement(try database.makeStatement(sql: sql))
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
        try statement(sql).rows(values, body)
    }
}

/// A prepared statement.
///
/// SQLite is called directly: the library's arguments and rows took two thirds of an import.
@safe package struct SQLiteStatement {
    /// Owns the pointer.
    private let statement: Statement
    private let pointer: OpaquePointer

    fileprivate init(_ statement: Statement) {
        self.statement = statement
        unsafe pointer = statement.sqliteStatement
    }

    /// Runs it with values for its `?`.
    package func execute(_ values: [SQLiteValue]) throws {
        try rows(values) { _ in }
    }

    /// The integer in the first row and column of what it finds, if it finds anything.
    package func firstInteger(_ values: [SQLiteValue]) throws -> Int64? {
        defer { reset() }
        try bind(values)
        guard try step() else { return nil }
        let row = unsafe SQLiteRow(pointer)
        return row.isNull(0) ? nil : row.integer(0)
    }

    /// Reads what it finds row by row.
    fileprivate func rows(_ values: [SQLiteValue], _ body: (SQLiteRow) throws -> Void) throws {
        defer { reset() }
        try bind(values)
        while try step() { try body(unsafe SQLiteRow(pointer)) }
    }

    private func bind(_ values: [SQLiteValue]) throws {
        // SQLite keeps a copy of a text that is bound so.
        let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        for (index, value) in values.enumerated() {
            let place = CInt(index + 1)
            let code =
                switch value {
                case .integer(let number): unsafe sqlite3_bind_int64(pointer, place, number)
                case .text(let text):
                    unsafe sqlite3_bind_text(pointer, place, text, -1, copied)
                case .null: unsafe sqlite3_bind_null(pointer, place)
                }
            guard code == SQLITE_OK else { throw Self.fault(code) }
        }
    }

    /// Whether there is a next row.
    private func step() throws -> Bool {
        let code = unsafe sqlite3_step(pointer)
        guard code == SQLITE_ROW || code == SQLITE_DONE else { throw Self.fault(code) }
        return code == SQLITE_ROW
    }

    /// Its code is that of the last step, which was thrown.
    private func reset() { unsafe sqlite3_reset(pointer) }

    private static func fault(_ code: CInt) -> DatabaseError {
        DatabaseError(resultCode: ResultCode(rawValue: code))
    }
}

/// A row of a query; valid until the next one is read.
@safe package struct SQLiteRow {
    private let pointer: OpaquePointer

    fileprivate init(_ pointer: OpaquePointer) { unsafe self.pointer = pointer }

    /// The integer in a column; 0 for no value.
    package func integer(_ column: Int) -> Int64 {
        unsafe sqlite3_column_int64(pointer, CInt(column))
    }

    /// The text in a column, if it has a value.
    package func text(_ column: Int) -> String? {
        guard let text = unsafe sqlite3_column_text(pointer, CInt(column)) else { return nil }
        return unsafe String(cString: text)
    }

    /// Whether a column has no value.
    package func isNull(_ column: Int) -> Bool {
        unsafe sqlite3_column_type(pointer, CInt(column)) == SQLITE_NULL
    }
}
