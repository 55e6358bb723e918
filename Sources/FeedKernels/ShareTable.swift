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
        var kept = ShareTableBuilder()
        for row in 0..<count where isKept(row) {
            try kept.append(
                object: Array(objects[object[row]]),
                account: Array(accounts[account[row]]),
                content: Array(contents[content[row]]),
                time: time[row],
                isMatchable: isMatchable[row]
            )
        }
        return kept.finish()
    }
}

/// Builds a ``ShareTable`` share by share, for shares that come from elsewhere than a file.
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
        let (object, content) = (Array(object.utf8), Array(content.utf8))
        // Compared as bytes: Swift takes two spellings of an accented letter for equal.
        try append(
            object: object,
            account: Array(account.utf8),
            content: content,
            time: time,
            isMatchable: !object.isEmpty && object != content
        )
    }

    /// Adds a share of which somebody else said whether it may match.
    ///
    /// - Returns: The number of its content.
    /// - Throws: `.tooManyIdentifiers`.
    @discardableResult
    mutating func append(
        object: [UInt8],
        account: [UInt8],
        content: [UInt8],
        time: Int64,
        isMatchable: Bool
    ) throws(FeedKernelError) -> Int {
        shares.object.append(try objects.intern(object))
        shares.account.append(try accounts.intern(account))
        let number = try contents.intern(content)
        shares.content.append(number)
        shares.time.append(time)
        shares.isMatchable.append(isMatchable)
        return Int(number)
    }

    /// Gives an account its number before its shares come.
    ///
    /// - Throws: `.tooManyIdentifiers`.
    mutating func number(account: [UInt8]) throws(FeedKernelError) {
        _ = try accounts.intern(account)
    }

    /// The shares added so far.
    package consuming func finish() -> ShareTable {
        shares.objects = objects.table
        shares.accounts = accounts.table
        shares.contents = contents.table
        return shares
    }
}
