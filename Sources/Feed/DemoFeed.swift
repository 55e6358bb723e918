// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import FeedKernels

/// A small made-up feed of one day, the same for the same seed and time.
///
/// Places, accounts and networks are invented; no real person, no operational detail. It holds what
/// a policy must tell apart: a trusted anonymous source, press, the propaganda and recruitment of a
/// criminal network, a campaign of coordinated accounts, songs and jokes that use the same words,
/// and everybody else.
package struct DemoFeed: Sendable {
    /// What a post is meant to be; the policy never sees it.
    package enum Kind: String, CaseIterable, Sendable {
        case trusted, press, propaganda, campaign, culture, people
    }

    /// The platform of all accounts.
    package static let platform = "plaza.example"
    /// The anonymous source that the demonstration vouches for.
    package static let trustedAccount = "voz-del-valle"
    /// The accounts of the network that the demonstration designates.
    package static let networkAccounts = ["gente-del-cerro", "cerro-oficial-2", "apoyo-cerro"]
    /// What that network is called.
    package static let networkName = "La Gente del Cerro"
    /// The accounts of the campaign; nobody names them, the detection finds them.
    package static let campaignAccounts = (1...12).map { "obras_que_avanzan_\($0 * 37 % 100)" }

    /// The seconds that the feed covers.
    package static let spanSeconds: Int64 = 30 * 3600

    private struct Post {
        var kind: Kind
        var account: String
        var time: Int64
        var text: String
        var place = ""
        var object = ""
        var reach: Int
        var hasImage = false
        var isPaid = false
    }

    private let posts: [Post]
    private let engagements: [(likes: Int, reposts: Int, replies: Int)]

    /// Makes the feed.
    ///
    /// - Parameters:
    ///   - seed: Decides everything but the texts.
    ///   - end: The time of the last post, in seconds since 1970.
    package init(seed: UInt64, endingAt end: Int64) {
        var generator = SeededGenerator(seed: seed)
        var posts: [Post] = []
        for (index, script) in DemoTexts.single.enumerated() {
            let hour = Self.spanSeconds * Int64(index * 7 % DemoTexts.single.count)
            let time = end - 240 - hour / Int64(DemoTexts.single.count)
            posts.append(
                Post(
                    kind: script.kind,
                    account: script.account,
                    time: time - Int64.random(in: 0..<180, using: &generator),
                    text: script.text,
                    place: script.place,
                    reach: script.reach,
                    hasImage: script.hasImage,
                    isPaid: script.isPaid
                )
            )
        }
        for (order, text) in DemoTexts.orders.enumerated() {
            let start = end - 1500 - Int64(order) * 3 * 3600
            for account in Self.campaignAccounts.shuffled(using: &generator).prefix(10) {
                posts.append(
                    Post(
                        kind: .campaign,
                        account: account,
                        time: start + Int64.random(in: 0...7, using: &generator),
                        text: text,
                        object: "https://obras.example/\(order + 1)",
                        reach: 150
                    )
                )
            }
        }
        // One song, shared by its fans within seconds: once is no coordination.
        for (index, account) in ["karen.mtz", "beto_norteño", "la.prima.lupe"].enumerated() {
            posts.append(
                Post(
                    kind: .culture,
                    account: account,
                    time: end - 20_000 + Int64(index) * 3,
                    text: "Ya salió el corrido nuevo, no paro de oírlo 🎶 #corridos",
                    object: "https://musica.example/corrido-nuevo",
                    reach: 60
                )
            )
        }
        posts.sort { ($0.time, $0.account) < ($1.time, $1.account) }
        self.posts = posts
        engagements = posts.map { post in
            let likes = post.reach * Int.random(in: 70...130, using: &generator) / 100
            return (
                likes, likes * Int.random(in: 10...40, using: &generator) / 100,
                likes * Int.random(in: 3...15, using: &generator) / 100
            )
        }
    }

    /// The feed as a file in the posts format, with one more column that says what is meant.
    package var csv: [UInt8] {
        var writer = CSVWriter()
        writer.record([
            "post_id", "platform", "account_id", "time", "text", "place", "likes", "reposts",
            "replies", "image", "paid", "shared_object", "meant_as",
        ])
        for (index, post) in posts.enumerated() {
            let engagement = engagements[index]
            writer.record([
                "p\(index + 1)", Self.platform, post.account, Timestamp.text(post.time), post.text,
                post.place, "\(engagement.likes)", "\(engagement.reposts)",
                "\(engagement.replies)", post.hasImage ? "1" : "0", post.isPaid ? "1" : "0",
                post.object, post.kind.rawValue,
            ])
        }
        return writer.bytes
    }

    /// What each post is meant to be, by its name.
    package var kinds: [String: Kind] {
        Dictionary(uniqueKeysWithValues: posts.enumerated().map { ("p\($0 + 1)", $1.kind) })
    }
}
