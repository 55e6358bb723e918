// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import GRDB

/// Looking at an index as it is, without making or repairing anything.
extension ItemIndex {
    /// Opens an index for an audit.
    ///
    /// - Parameter path: Its file.
    /// - Returns: Nil if it is no sound database, or has other tables or triggers than ours.
    package static func inspecting(_ path: BytePath) -> ItemIndex? {
        // Whatever is wrong with it, it is not what we wrote.
        guard hasOnlyFiles(path), let index = try? ItemIndex(existing: path),
            let fresh = try? ItemIndex(nil),
            let found = try? index.definitions(), found == (try? fresh.definitions()),
            (try? index.isSound()) == true
        else { return nil }
        return index
    }

    /// Whether tables and triggers are the ones that we make.
    func hasOurDefinitions() throws -> Bool {
        try definitions() == ItemIndex(nil).definitions()
    }

    /// What makes tables, indexes and triggers.
    private func definitions() throws -> [String] {
        try queue.read { database in
            try String.fetchAll(
                database,
                sql: "SELECT type || name || ifnull(sql, '') FROM sqlite_schema ORDER BY 1"
            )
        }
    }

    private func isSound() throws -> Bool {
        try queue.read { database in
            try String.fetchAll(database, sql: "PRAGMA integrity_check") == ["ok"]
        }
    }
}
