// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What accounts may share at the same time.
package enum ShareLayer: String, CaseIterable, Sendable {
    /// What the file itself calls the object of a share.
    case object
    /// The post that is passed on.
    case repost
    /// The address that is linked, canonical.
    case link
    /// The host of it.
    case domain
    /// A hashtag.
    case hashtag
    /// All hashtags of a post in their order, if there are two or more.
    case hashtagSequence = "hashtag-sequence"
    /// The post that is answered.
    case reply
    /// The account that is named.
    case mention
    /// A picture, film or file.
    case media
    /// What a post says, nearly in the same words.
    case text
    /// What a post says, in the same words: the toolkit's co-tweets.
    case sameText = "same-text"
    /// What a post says, in nearly the same set of tokens: the toolkit's similar tweets.
    case similarText = "similar-text"
    /// The hour in which something was posted, whatever it says.
    case synchrony

    /// Rows of object, platform, account, post and time, in the order of import; `?` is the last
    /// time.
    var query: String {
        let post = """
            account.platform, account.name, post.name, post.time
            FROM post JOIN account ON account.id = post.account
            """
        let original = "AND post.repost_of IS NULL ORDER BY post.id"
        return switch self {
        case .object:
            """
            SELECT object.name, account.platform, account.name, post.name, share.time
            FROM share JOIN object ON object.id = share.object
            JOIN account ON account.id = share.account JOIN post ON post.id = share.post
            WHERE share.time <= ? ORDER BY share.id
            """
        case .repost:
            """
            SELECT post.repost_of, \(post)
            WHERE post.time <= ? AND post.repost_of IS NOT NULL ORDER BY post.id
            """
        case .reply:
            """
            SELECT post.reply_to, \(post)
            WHERE post.time <= ? AND post.reply_to IS NOT NULL \(original)
            """
        case .link:
            """
            SELECT link.url, \(post) JOIN link ON link.post = post.id
            WHERE post.time <= ? \(original), link.rowid
            """
        case .domain:
            """
            SELECT DISTINCT link.domain, \(post) JOIN link ON link.post = post.id
            WHERE post.time <= ? \(original), link.domain
            """
        case .hashtag, .hashtagSequence:
            """
            SELECT hashtag.tag, \(post) JOIN hashtag ON hashtag.post = post.id
            WHERE post.time <= ? \(original), hashtag.place
            """
        case .mention:
            """
            SELECT mention.account, \(post) JOIN mention ON mention.post = post.id
            WHERE post.time <= ? \(original), mention.rowid
            """
        case .text, .sameText, .similarText:
            """
            SELECT post.text, \(post)
            WHERE post.time <= ? AND post.text IS NOT NULL \(original)
            """
        case .synchrony: Self.synchrony(post)
        case .media:
            """
            SELECT media.name, \(post) JOIN media ON media.post = post.id
            WHERE post.time <= ? \(original), media.rowid
            """
        }
    }

    /// Posts by hour; those of accounts that keep the clock are left out where they keep it.
    ///
    /// Spec: `docs/spec/account-signals.md`, section 9.
    private static func synchrony(_ post: String) -> String {
        // Remainders of negative times are negative.
        let second = "((post.time % 300 + 300) % 300)"
        let hour = "(post.time - (post.time % 3600 + 3600) % 3600) / 3600"
        return """
            SELECT 'hour:' || (\(hour)), \(post)
            WHERE post.time <= ?1 AND (\(second) >= 60 OR post.account NOT IN (
            SELECT post.account FROM post WHERE post.time <= ?1 GROUP BY post.account
            HAVING count(*) >= 10 AND 5 * sum(\(second) < 60) > 2 * count(*)))
            ORDER BY post.id
            """
    }
}
