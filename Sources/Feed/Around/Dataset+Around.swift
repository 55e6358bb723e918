// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import FeedKernels
internal import Storage

/// Accounts and what they share, in all layers.
struct AroundRecords {
    /// In byte order of platform and name.
    var accounts: [(platform: String, name: String)] = []
    /// What is known of each.
    var kinds: [KnownAccounts.Kind?] = []
    /// Of all accounts but the trusted ones.
    var ties: [SharedGraph.Tie] = []
    /// The objects of each layer; they are numbered through all layers.
    var objects: [StringTable] = []

    /// How many objects there are.
    var objectCount: Int { objects.reduce(0) { $0 + $1.count } }

    /// The layer of an object, by its place, and what it is called.
    func object(_ number: UInt32) -> (layer: Int, name: String) {
        var rest = Int(number)
        for (layer, table) in objects.enumerated() {
            if rest < table.count { return (layer, table.text(UInt32(rest))) }
            rest -= table.count
        }
        preconditionFailure("objects are numbered through all layers")
    }
}

extension Dataset {
    /// Who shared what.
    ///
    /// - Throws: `.dataset`, `.input` with `.tooManyIdentifiers` or `.tooManyPairs`.
    func aroundRecords(_ known: KnownAccounts, rule: AroundRule) throws -> AroundRecords {
        var records = AroundRecords()
        var book = AccountBook()
        try reading { connection in
            let sql = "SELECT platform, name FROM account ORDER BY platform, name"
            try connection.rows(sql) { row in
                let (platform, name) = (row.text(0) ?? "", row.text(1) ?? "")
                records.accounts.append((platform, name))
                records.kinds.append(known.kind(platform, name))
                try book.add(FeedPost.qualifiedAccount(platform: platform, name: name))
            }
        }
        for layer in rule.layers {
            let base = UInt32(records.objectCount)
            let shares = try shares(of: layer, until: rule.until, isQualified: true)
            let accounts = try (0..<UInt32(shares.accounts.count)).map {
                try book.number(of: Array(shares.accounts[$0]))
            }
            for index in 0..<shares.count where shares.isMatchable[index] {
                let account = accounts[Int(shares.account[index])]
                let object = base + shares.object[index]
                records.tie(account, object, at: shares.time[index])
            }
            records.objects.append(shares.objects)
            guard layer == .repost else { continue }
            var names = Interner()
            for object in 0..<UInt32(shares.objects.count) {
                _ = try names.intern(Array(shares.objects[object]))
            }
            for author in try authors(until: rule.until) {
                let object = try names.intern(author.object)
                let account = try book.number(of: Array(author.account.utf8))
                guard object < shares.objects.count else { continue }
                records.tie(account, base + object, at: author.time)
            }
        }
        return records
    }

    /// Whose posts were passed on: by the post itself if that is in the data, else as files say.
    private func authors(
        until time: Int64
    ) throws -> [(object: String, account: String, time: Int64)] {
        var authors: [(object: String, account: String, time: Int64)] = []
        let original = """
            SELECT original.name, account.platform, account.name, original.time
            FROM post AS original JOIN account ON account.id = original.account
            WHERE original.time <= ?1 AND (original.platform, original.name) IN
            (SELECT platform, repost_of FROM post WHERE repost_of IS NOT NULL AND time <= ?1)
            """
        let named = """
            SELECT post.repost_of, account.platform, account.name, min(post.time)
            FROM post JOIN account
            ON account.platform = post.platform AND account.name = post.repost_account
            WHERE post.repost_of IS NOT NULL AND post.time <= ?1 AND NOT EXISTS
            (SELECT 1 FROM post AS original WHERE original.time <= ?1
            AND original.platform = post.platform AND original.name = post.repost_of)
            GROUP BY post.repost_of, account.id
            """
        try reading { connection in
            for sql in [original, named] {
                try connection.rows(sql, [.integer(time)]) { row in
                    let account = FeedPost.qualifiedAccount(
                        platform: row.text(1) ?? "",
                        name: row.text(2) ?? ""
                    )
                    authors.append((row.text(0) ?? "", account, row.bounded(3)))
                }
            }
        }
        return authors
    }
}

/// The numbers of accounts by platform and name.
private struct AccountBook {
    private var names = Interner()
    private var numbers: [UInt32] = []
    private var count: UInt32 = 0

    /// Numbers the next account; of two that are written alike the first is meant.
    mutating func add(_ name: String) throws(FeedKernelError) {
        if try names.intern(name) == numbers.count { numbers.append(count) }
        count += 1
    }

    /// The number of an account; `nil` for one that came between two readings.
    mutating func number(of name: [UInt8]) throws(FeedKernelError) -> UInt32? {
        let place = Int(try names.intern(name))
        return place < numbers.count ? numbers[place] : nil
    }
}

extension AroundRecords {
    fileprivate mutating func tie(_ account: UInt32?, _ object: UInt32, at time: Int64) {
        guard let account, kinds[Int(account)] != .trusted else { return }
        ties.append(SharedGraph.Tie(account: account, object: object, time: time))
    }
}
