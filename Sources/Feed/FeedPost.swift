// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A post as it is ranked.
package struct FeedPost: Equatable, Sendable {
    /// The platform's identifier of the post.
    package var name: String
    /// The platform of the account.
    package var platform: String
    /// The platform's stable identifier of the account.
    package var account: String
    /// Whether the account pays for a badge: shown, and worth nothing.
    package var isPaid = false
    /// When it was posted, in seconds since 1970.
    package var time: Int64
    /// What it says.
    package var text: String
    /// Where, if that is known.
    package var place: String?
    /// How often it was liked.
    package var likes: Int64 = 0
    /// How often it was shared on.
    package var reposts: Int64 = 0
    /// How many answers it has.
    package var replies: Int64 = 0
    /// How often it was seen.
    package var views: Int64 = 0
    /// Whether it has a picture.
    package var hasImage = false

    /// A post without reactions.
    package init(platform: String, account: String, name: String, time: Int64, text: String) {
        self.platform = platform
        self.account = account
        self.name = name
        self.time = time
        self.text = text
    }
}

extension FeedPost {
    /// The account with its platform, which tells it from all others.
    package var qualifiedAccount: String {
        Self.qualifiedAccount(platform: platform, name: account)
    }

    /// An account with its platform.
    package static func qualifiedAccount(platform: String, name: String) -> String {
        platform + ":" + name
    }

    /// The words after `#`, in lower case, each once, in order.
    package static func hashtags(in text: String) -> [String] {
        words(in: text, after: "#") { $0.isLetter || $0.isNumber || $0 == "_" }
            .map { $0.lowercased() }.uniqued()
    }

    /// The links that start with `http://` or `https://`, each once, in order.
    package static func links(in text: String) -> [String] {
        var links: [String] = []
        for word in text.split(whereSeparator: \.isWhitespace)
        where word.hasPrefix("http://") || word.hasPrefix("https://") {
            // Punctuation at the end belongs to the sentence.
            let end = word.lastIndex { !".,;:!?)»\"".contains($0) } ?? word.startIndex
            links.append(String(word[...end]))
        }
        return links.uniqued()
    }

    private static func words(
        in text: String,
        after mark: Character,
        where isPart: (Character) -> Bool
    ) -> [String] {
        var words: [String] = []
        var rest = text[...]
        while let start = rest.firstIndex(of: mark) {
            let tail = rest[rest.index(after: start)...]
            let word = tail.prefix(while: isPart)
            if !word.isEmpty { words.append(String(word)) }
            rest = tail.dropFirst(word.count)
        }
        return words
    }
}

extension [String] {
    /// The elements without repetitions, in order.
    fileprivate func uniqued() -> [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
