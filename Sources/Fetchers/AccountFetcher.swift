// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import SnapshotFormat

/// What was seen of an account.
package struct AccountView: Equatable, Sendable {
    /// The account, by the id that its platform never gives to another.
    package let account: PlatformAccount
    /// The name under which it appears now, if its platform has names.
    package let handle: String?
    /// Where its owner alone can write, outside of posts: profile texts, links, records.
    package let profile: [String]
    /// Its newest posts, the newest first where the platform tells.
    package let posts: [Post]

    /// One post.
    package struct Post: Equatable, Sendable {
        /// Its stable id.
        package let id: String
        /// What it says.
        package let text: String

        package init(id: String, text: String) {
            self.id = id
            self.text = text
        }
    }

    package init(
        account: PlatformAccount,
        handle: String?,
        profile: [String],
        posts: [Post]
    ) {
        self.account = account
        self.handle = handle
        self.profile = profile
        self.posts = posts
    }

    /// Where a code is.
    package enum Place: String, Sendable {
        case profile
        case post
    }

    /// Where the owner has shown a code; `nil` where nowhere.
    package func place(of code: String) -> Place? {
        if profile.contains(where: { $0.contains(code) }) { return .profile }
        return posts.contains { $0.text.contains(code) } ? .post : nil
    }
}

/// Looks at accounts of one platform.
///
/// Spec: `docs/spec/fetchers.md`.
package protocol AccountFetcher: Sendable {
    /// The platform's name in ``PlatformAccount``.
    static var platform: String { get }

    /// The stable id of the account that has a name now.
    ///
    /// - Throws: ``LookFailure``.
    static func resolve(_ name: String, _ network: FetchNetwork) throws(LookFailure) -> String

    /// Looks at an account.
    ///
    /// - Parameters:
    ///   - id: Its stable id.
    ///   - network: How it is reached.
    /// - Returns: What is there now.
    /// - Throws: ``LookFailure``; `.otherAccount` when what answers is not this account.
    static func view(_ id: String, _ network: FetchNetwork) throws(LookFailure) -> AccountView
}

/// All fetchers there are.
package enum AccountFetchers {
    /// One for each platform that anybody can look at.
    package static let all: [any AccountFetcher.Type] = [
        WebFetcher.self, DomainFetcher.self, ATProtoFetcher.self, ActivityPubFetcher.self,
        NostrFetcher.self,
    ]

    /// The fetcher of a platform.
    package static func fetcher(of platform: String) -> (any AccountFetcher.Type)? {
        all.first { $0.platform == platform }
    }

    /// The account, as an identifier of the platform.
    ///
    /// - Throws: `.wrongAddress`.
    static func account(_ platform: String, _ id: String) throws(LookFailure) -> PlatformAccount {
        guard let account = PlatformAccount(platform: platform, stableID: id) else {
            throw .wrongAddress
        }
        return account
    }
}
