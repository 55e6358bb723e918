// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Shares as columns: who (account) shared what (object) in which post (content), and when.
///
/// Rows stand in the order of the input. Identifiers are numbers in order of first appearance.
package struct ShareTable: Sendable {
    /// The object of each share, an index into ``objects``.
    package internal(set) var object: [UInt32] = []
    /// The account of each share, an index into ``accounts``.
    package internal(set) var account: [UInt32] = []
    /// The content of each share, an index into ``contents``.
    package internal(set) var content: [UInt32] = []
    /// The time of each share, in seconds since 1970.
    package internal(set) var time: [Int64] = []
    /// Whether the share may match others: its object is neither empty nor its own content.
    package internal(set) var isMatchable: [Bool] = []
    /// The identifiers of objects.
    package internal(set) var objects = StringTable()
    /// The identifiers of accounts.
    package internal(set) var accounts = StringTable()
    /// The identifiers of contents.
    package internal(set) var contents = StringTable()

    /// The number of shares.
    package var count: Int { time.count }

    /// The shares of some rows, in their order, with the names that they have.
    ///
    /// - Throws: `.tooManyIdentifiers`.
    /// - Complexity: O(n).
    package func filter(_ isKept: (_ row: Int) -> Bool) throws(FeedKernelError) -> ShareTable {
        var kept = ShareTable()
        var (objects, accounts, contents) = (Interner(), Interner(), Interner())
        for row in 0..<count where isKept(row) {
            kept.object.append(try objects.intern(Array(self.objects[object[row]])))
            kept.account.append(try accounts.intern(Array(self.accounts[account[row]])))
            kept.content.append(try contents.intern(Array(self.contents[content[row]])))
            kept.time.append(time[row])
            kept.isMatchable.append(isMatchable[row])
        }
        kept.objects = objects.table
        kept.accounts = accounts.table
        kept.contents = contents.table
        return kept
    }
}

/// Builds a ``ShareTable`` share by share, for shares that come from a database.
package struct ShareTableBuilder: Sendable {
    private var shares = ShareTable()
    private var objects = Interner()
    private var accounts = Interner()
    private var contents = Interner()

    /// Starts without shares.
    package init() {}

    /// Adds a share.
    ///
    /// - Throws: `.tooManyIdentifiers`.
    package mutating func append(
        object: String,
        account: String,
        content: String,
        time: Int64
    ) throws(FeedKernelError) {
        shares.object.append(try objects.intern(object))
        shares.account.append(try accounts.intern(account))
        shares.content.append(try contents.intern(content))
        shares.time.append(time)
        // Compared as bytes: Swift takes two spellings of an accented letter for equal.
        let isOrigin = object.utf8.elementsEqual(content.utf8)
        shares.isMatchable.append(!object.isEmpty && !isOrigin)
    }

    /// The shares added so far.
    package consuming func finish() -> ShareTable {
        shares.objects = objects.table
        shares.accounts = accounts.table
        shares.contents = contents.table
        return shares
    }
}
