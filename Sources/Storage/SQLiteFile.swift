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

    /// Pages kept in memory, in KiB: a large import that writes its pages to disk again and again
    /// waits for the disk each time.
    private static let cacheKibibyteCount = 64 << 10

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
        // Rows refer to rows that the same transaction has just found or made: to look each of them
        // up again took a fifth of an import.
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA cache_size = -\(Self.cacheKibibyteCount)")
        }
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

    /// Whether a process that was writing the file was ended in the middle.
    ///
    /// What it had begun is taken back by this. A file that is being written is no such file.
    ///
    /// - Parameter path: The file.
    /// - Returns: False while another process writes it.
    package static func isLeftUnfinished(_ path: String) -> Bool {
        guard FileStatus.exists(BytePath(path)), FileStatus.exists(BytePath(path + "-journal"))
        else { return false }
        var configuration = Configuration()
        configuration.busyMode = .immediateError
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.inDatabase { try $0.inTransaction(.immediate) { .rollback } }
            try queue.close()
            return true
        } catch {
            // Another process writes it, or it is none of ours: who opens it says what is wrong.
            return false
        }
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
