// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What is asked of accounts.
///
/// Spec: `docs/spec/account-signals.md`.
package struct AccountRule: Equatable, Sendable {
    /// The share of false findings that is put up with, of each signal.
    package var rate = 0.05
    /// Seconds within which accounts are made together.
    package var crowdSeconds: Int64 = 86_400
    /// The share of an account's posts that come from one source.
    package var shareMin = 0.5

    /// So many times these seconds, before and after, are the neighbourhood of a crowd.
    static let reach: Int64 = 14
    /// Fewest accounts of a crowd, and how many times as many as expected they are.
    static let crowdCountMin = 5
    static let crowdRatioMin = 3.0
    /// Fewest accounts of a family of handles.
    static let familyCountMin = 3
    /// Fewest posts from one source.
    static let passedCountMin = 5
    /// What is passed on within so many seconds is fast.
    static let fastSeconds: Int64 = 10
    /// A short life: so few posts, so few seconds from the making to the last of them, and silence
    /// since for as long.
    static let fewPostsMax: Int64 = 5
    static let shortSecondsMax: Int64 = 7 * 86_400
    static let quietSecondsMin: Int64 = 30 * 86_400
    /// An account cannot post before it is made; dates without a time and other zones allowed.
    static let slackSeconds: Int64 = 86_400

    /// The usual ones.
    package init() {}
}
