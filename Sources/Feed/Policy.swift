// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// How posts are ranked: what a council can read, sign and change.
///
/// `score = engagement prediction × recency × source × quality × visibility`; a factor whose keys
/// are left out is 1.
///
/// Spec: `docs/spec/policy.md`.
package struct Policy: Equatable, Sendable {
    /// `base + ln(1 + Σ weight · count)`.
    package struct Prediction: Equatable, Sendable {
        /// What a post without engagement has.
        package var base = 1.0
        /// The weight of a like.
        package var likes = 0.0
        /// The weight of a share.
        package var reposts = 0.0
        /// The weight of an answer.
        package var replies = 0.0
        /// The weight of a view.
        package var views = 0.0
    }

    /// `floor + (1 − floor) · 2^(−age / half-life)`.
    package struct Recency: Equatable, Sendable {
        /// Seconds in which the part above the floor halves; `nil` for no decay.
        package var halfLifeSeconds: Int64?
        /// What the oldest post keeps.
        package var floor = 0.0
    }

    /// By what the registry says of the account.
    package struct Source: Equatable, Sendable {
        /// Two vouches of two constituencies.
        package var provisional = 1.0
        /// The full rule of the charter.
        package var attested = 1.0
        /// More than the full rule.
        package var strong = 1.0
        /// Somebody else has the account, or trust is suspended.
        package var interrupted = 1.0
    }

    /// By the form of the post, never by its words.
    package struct Quality: Equatable, Sendable {
        /// A post with a picture and nearly no text.
        package var imageOnly = 1.0
        /// Fewer characters than this are nearly no text.
        package var imageOnlyCharacters = 40
        /// A long text with a place.
        package var informative = 1.0
        /// At least so many characters are a long text.
        package var informativeCharacters = 400
    }

    /// By evidence against the account.
    package struct Visibility: Equatable, Sendable {
        /// An account of a network designated for low, moderate and high harm.
        package var designatedLow = 1.0
        package var designatedModerate = 1.0
        package var designatedHigh = 1.0
        /// Below this confidence, in 0...1, a designation does nothing and asks for review.
        package var confidenceMinimum = 0.8
        /// An account that the registry limits.
        package var limited = 1.0
        /// An account of a coordinated network.
        package var coordinated = 1.0
        /// Seconds after the last co-share in which the limit holds in full.
        package var holdSeconds: Int64 = 14 * 86_400
        /// Seconds after that in which it fades to nothing.
        package var rampSeconds: Int64 = 14 * 86_400
    }

    /// What counts as a coordinated network.
    package struct Coordination: Equatable, Sendable {
        /// See ``FeedKernels/CoShareRule``.
        package var windowSeconds: Int64 = 10
        package var minimumParticipation = 2
        /// Edges below this weight join nobody.
        package var minimumWeight = 3
        /// Smaller components are no network.
        package var minimumAccounts = 3

        /// The rule of an empty section.
        package init() {}
    }

    /// How a limit can be appealed, in two languages.
    package struct Appeal: Equatable, Sendable {
        /// In English.
        package var en = ""
        /// In Spanish.
        package var es = ""
    }

    /// What is called `policy` in the file: the version of its format.
    package static let version = 1

    /// What the policy calls itself.
    package var name = ""
    /// How a limit can be appealed.
    package var appeal = Appeal()
    package var prediction = Prediction()
    package var recency = Recency()
    package var source = Source()
    package var quality = Quality()
    package var visibility = Visibility()
    /// `nil`: coordination is not looked for.
    package var coordination: Coordination?
    /// The least that quality and visibility together leave an attested source.
    package var trustedFloor = 0.0
    /// SHA-256 of the file, in hexadecimal.
    package var digest = ""
}
