// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import SnapshotFormat

/// A part of a score.
package enum FactorKind: String, CaseIterable, Sendable {
    case prediction, recency, source, quality, visibility
}

/// Why a factor is what it is.
package enum FactorReason: Equatable, Sendable {
    /// The registry speaks for the source.
    case vouched(SourceStanding)
    /// The registry knows the source, and its trust is interrupted.
    case interrupted(SourceStanding)
    /// The account pays for a badge, which is worth nothing.
    case paidIsWorthNothing
    /// A picture with nearly no text.
    case imageOnly
    /// A long text with a place.
    case informative
    /// The account belongs to a designated network.
    case designated(DesignationStanding)
    /// A designation that is not sure enough to act on.
    case designationUnsure(DesignationStanding)
    /// The registry limits the account.
    case limited(LimitRecord)
    /// The account acted together with others; the limit ends at that time.
    case coordinated(CoordinatedGroup, number: Int, endsAt: Int64)
    /// The floor for attested sources replaced what the rules above would have left.
    case trustedFloor(Double)
    /// Evidence speaks against an attested source: people decide.
    case review
}

/// A factor of a post's score, with its reasons.
package struct Factor: Equatable, Sendable {
    /// Which part.
    package var kind: FactorKind
    /// What the score is multiplied with; finite, 0 or more.
    package var value: Double
    /// Why.
    package var reasons: [FactorReason]
}

/// A post with its place.
package struct RankedPost: Equatable, Sendable {
    /// The post.
    package var post: FeedPost
    /// The five factors, in the order of ``FactorKind``.
    package var factors: [Factor]
    /// The place by the policy, from 1.
    package var rank = 0
    /// The place by time alone.
    package var chronologicalRank = 0
    /// The place by engagement alone.
    package var engagementRank = 0

    /// The product of the factors.
    package var score: Double { factors.reduce(1) { $0 * $1.value } }
    /// Whether people have to decide something about it.
    package var needsReview: Bool {
        factors.contains { factor in
            factor.reasons.contains { reason in
                switch reason {
                case .review, .designationUnsure: true
                default: false
                }
            }
        }
    }

    /// A factor.
    package subscript(kind: FactorKind) -> Factor? { factors.first { $0.kind == kind } }
}
