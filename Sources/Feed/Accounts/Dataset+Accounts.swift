// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import FeedKernels
internal import Storage

extension Dataset {
    /// All accounts with their posts.
    ///
    /// - Throws: `.dataset`, `.input` with `.tooManyPairs`.
    func accountRecords() throws -> AccountRecords {
        let clusters = try textClusters(until: .max)
        var records = AccountRecords()
        var numbers: [Int64: Int] = [:]
        try reading { connection in
            let sql = """
                SELECT id, platform, name, handle, created, followers, following, posts,
                description, has_picture, is_automated FROM account ORDER BY platform, name
                """
            try connection.rows(sql) { row in
                numbers[row.integer(0)] = records.profiles.count
                records.profiles.append(AccountProfile(row))
            }
        }
        var sources = SourceBook(records.profiles)
        var places: [Int64: Int] = [:]
        try reading { connection in
            let sql = """
                SELECT post.account, post.platform, post.time, post.deleted, post.text,
                post.repost_of, post.repost_account, original.account, original.time, post.id
                FROM post LEFT JOIN post AS original
                ON original.platform = post.platform AND original.name = post.repost_of
                ORDER BY post.id
                """
            var place = 0
            try connection.rows(sql) { row in
                guard let account = numbers[row.integer(0)] else { return }
                places[row.integer(9)] = records.posts.count
                let text = row.text(4)
                var cluster: UInt32?
                if text != nil, row.isNull(5) {
                    // A post that came between both readings is of the next run.
                    cluster = place < clusters.count ? clusters[place] : nil
                    place += 1
                }
                let author = row.isNull(7) ? nil : numbers[row.integer(7)]
                let named = row.text(6)
                let said = text.flatMap { SourceBook.passedOn(in: $0) }
                let isRepost = !row.isNull(5) || named != nil || said != nil
                let source = isRepost ? sources.source(row.text(1) ?? "", author, named, said) : nil
                records.posts.append(
                    AccountPost(
                        account: account,
                        time: row.bounded(2),
                        deleted: row.isNull(3) ? nil : row.bounded(3),
                        isRepost: isRepost,
                        source: source,
                        sourceTime: row.isNull(8) ? nil : row.bounded(8),
                        cluster: isRepost ? nil : cluster,
                        text: text.map { TextCounts($0) }
                    )
                )
            }
        }
        records.sources = sources.list
        var links: [String: Int] = [:]
        try reading { connection in
            try connection.rows("SELECT post, url FROM link ORDER BY rowid") { row in
                guard let post = places[row.integer(0)], let url = row.text(1) else { return }
                let link = links[url] ?? links.count
                links[url] = link
                records.links.append((post, link))
            }
        }
        return records
    }
}

extension AccountProfile {
    fileprivate init(_ row: SQLiteRow) {
        func number(_ column: Int) -> Int64? {
            row.isNull(column) ? nil : max(0, row.bounded(column))
        }
        self.init(platform: row.text(1) ?? "", name: row.text(2) ?? "")
        handle = row.text(3)
        created = row.isNull(4) ? nil : row.bounded(4)
        followerCount = number(5)
        followingCount = number(6)
        postCount = number(7)
        hasDescription = row.text(8).map { !$0.isEmpty }
        hasPicture = number(9).map { $0 != 0 }
        isAutomated = number(10).map { $0 != 0 }
    }
}

extension SQLiteRow {
    /// A number within what is read from files: a dataset comes from others.
    func bounded(_ column: Int) -> Int64 {
        max(-Timestamp.magnitudeMax, min(Timestamp.magnitudeMax, integer(column)))
    }
}

/// Finds out whose posts are passed on, also where those are not in the data.
private struct SourceBook {
    private struct Key: Hashable {
        let platform: String
        let name: String
    }

    private(set) var list: [AccountSource] = []
    private let profiles: [AccountProfile]
    private var byName: [Key: Int] = [:]
    private var byHandle: [Key: Int] = [:]
    private var ofAccount: [Int: Int] = [:]
    private var ofName: [Key: Int] = [:]

    init(_ profiles: [AccountProfile]) {
        self.profiles = profiles
        for (number, profile) in profiles.enumerated() {
            byName[Key(platform: profile.platform, name: profile.name)] = number
            guard let handle = profile.handle else { continue }
            let key = Key(platform: profile.platform, name: HandleTemplate.plain(handle))
            // Of several that ever had a handle, the first in order.
            if byHandle[key] == nil { byHandle[key] = number }
        }
    }

    /// Whom a text passes on that begins with `RT @handle:`.
    static func passedOn(in text: String) -> String? {
        let mark = Array("RT @".utf8)
        guard text.utf8.starts(with: mark) else { return nil }
        let rest = text.utf8.dropFirst(mark.count)
        let name = rest.prefix { byte in
            byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte)
                || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
        }
        guard !name.isEmpty, rest.dropFirst(name.count).first == UInt8(ascii: ":") else {
            return nil
        }
        return String(Substring(name))
    }

    /// The author of the post if it is in the data, else whom the file names, else the text.
    mutating func source(
        _ platform: String,
        _ author: Int?,
        _ named: String?,
        _ said: String?
    ) -> Int? {
        if let author { return source(of: author) }
        guard let text = named ?? said.map({ "@" + $0 }) else { return nil }
        let handle = Key(platform: platform, name: HandleTemplate.plain(text))
        if let known = byName[Key(platform: platform, name: text)] ?? byHandle[handle] {
            return source(of: known)
        }
        let name = named ?? "@" + handle.name
        let key = Key(platform: platform, name: name)
        if let known = ofName[key] { return known }
        ofName[key] = list.count
        list.append(AccountSource(platform: platform, name: name, account: nil))
        return list.count - 1
    }

    private mutating func source(of account: Int) -> Int {
        if let known = ofAccount[account] { return known }
        let profile = profiles[account]
        ofAccount[account] = list.count
        list.append(
            AccountSource(platform: profile.platform, name: profile.name, account: account)
        )
        return list.count - 1
    }
}
