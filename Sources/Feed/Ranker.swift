// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import FeedKernels
internal import Foundation
package import SnapshotFormat

/// A ranked feed with what it was made from.
package struct Ranking: Equatable, Sendable {
    /// The posts, best first.
    package var posts: [RankedPost]
    /// The coordinated networks that were found.
    package var groups: [CoordinatedGroup]
    /// The time that it holds for.
    package var asOf: Int64
    /// SHA-256 of the policy, in hexadecimal.
    package var policyDigest: String
}

/// Scores posts by a policy.
///
/// Spec: `docs/spec/policy.md`.
package struct Ranker: Sendable {
    private let policy: Policy
    private let snapshot: Snapshot?
    private let asOf: Int64

    /// Creates a ranker.
    ///
    /// - Parameters:
    ///   - policy: How to score.
    ///   - snapshot: What the registry says; `nil`: nothing.
    ///   - asOf: The time to rank for, in seconds since 1970.
    package init(policy: Policy, snapshot: Snapshot?, asOf: Int64) {
        self.policy = policy
        self.snapshot = snapshot
        self.asOf = asOf
    }

    /// Ranks the posts of a dataset until the ranker's time.
    ///
    /// - Throws: `.noPosts`, `.dataset`, `.input(.tooManyPairs)`.
    package func rank(_ dataset: Dataset, cores: Cores) throws -> Ranking {
        let posts = try dataset.posts(until: asOf)
        guard !posts.isEmpty else { throw FeedError.noPosts }
        var finding = CoordinationFinding()
        if let coordination = policy.coordination {
            let shares = try dataset.shares(until: asOf, isQualified: true)
            finding = try Dataset.mapped {
                try CoordinationFinding(in: shares, by: coordination, cores: cores)
            }
        }
        return rank(posts, finding)
    }

    /// Ranks posts; equal scores by time, newest first, then by name.
    ///
    /// - Complexity: O(n log n).
    package func rank(_ posts: [FeedPost], _ finding: CoordinationFinding) -> Ranking {
        var ranked = posts.map { RankedPost(post: $0, factors: factors($0, finding)) }
        Self.order(&ranked, by: { Double($0.post.time) }, \.chronologicalRank)
        Self.order(&ranked, by: { $0.factors[0].value }, \.engagementRank)
        Self.order(&ranked, by: \.score, \.rank)
        return Ranking(
            posts: ranked,
            groups: finding.groups,
            asOf: asOf,
            policyDigest: policy.digest
        )
    }

    private static func order(
        _ posts: inout [RankedPost],
        by value: (RankedPost) -> Double,
        _ rank: WritableKeyPath<RankedPost, Int>
    ) {
        let keyed = posts.map { (value: value($0), post: $0) }.sorted { left, right in
            if left.value != right.value { return left.value > right.value }
            if left.post.post.time != right.post.post.time {
                return left.post.post.time > right.post.post.time
            }
            return left.post.post.name.utf8.lexicographicallyPrecedes(right.post.post.name.utf8)
        }
        posts = keyed.map(\.post)
        for index in posts.indices { posts[index][keyPath: rank] = index + 1 }
    }

    /// The five factors of a post.
    private func factors(_ post: FeedPost, _ finding: CoordinationFinding) -> [Factor] {
        let account = PlatformAccount(platform: post.platform, stableID: post.account)
        let standing = account.flatMap { snapshot?.source(for: $0, asOf: asOf) }
        let isTrusted = standing?.trusts(postedAt: post.time) ?? false
        var quality = quality(post)
        var visibility = visibility(post, account, finding)
        if isTrusted {
            spare(&quality, &visibility)
        }
        return [
            Factor(kind: .prediction, value: prediction(post), reasons: []),
            Factor(kind: .recency, value: recency(post), reasons: []),
            source(post, standing), quality, visibility,
        ]
    }

    private func prediction(_ post: FeedPost) -> Double {
        let weights = policy.prediction
        let reactions =
            weights.likes * Double(post.likes) + weights.reposts * Double(post.reposts)
            + weights.replies * Double(post.replies) + weights.views * Double(post.views)
        return weights.base + log1p(reactions)
    }

    private func recency(_ post: FeedPost) -> Double {
        guard let halfLife = policy.recency.halfLifeSeconds else { return 1 }
        // A post from the future is as new as one of this second.
        let age = Double(max(0, asOf - post.time))
        let floor = policy.recency.floor
        return floor + (1 - floor) * exp2(-age / Double(halfLife))
    }

    private func source(_ post: FeedPost, _ standing: SourceStanding?) -> Factor {
        var factor = Factor(kind: .source, value: 1, reasons: [])
        if let standing {
            switch standing.state {
            case .attested where standing.trusts(postedAt: post.time):
                factor.value =
                    standing.tier == .strong ? policy.source.strong : policy.source.attested
                factor.reasons.append(.vouched(standing))
            case .provisional:
                factor.value = policy.source.provisional
                factor.reasons.append(.vouched(standing))
            default:
                factor.value = policy.source.interrupted
                factor.reasons.append(.interrupted(standing))
            }
        }
        if post.isPaid { factor.reasons.append(.paidIsWorthNothing) }
        return factor
    }

    private func quality(_ post: FeedPost) -> Factor {
        var factor = Factor(kind: .quality, value: 1, reasons: [])
        let characterCount = post.text.count
        if post.hasImage && characterCount < policy.quality.imageOnlyCharacters {
            factor.value = policy.quality.imageOnly
            factor.reasons.append(.imageOnly)
        } else if post.place != nil && characterCount >= policy.quality.informativeCharacters {
            factor.value = policy.quality.informative
            factor.reasons.append(.informative)
        }
        return factor
    }

    private func visibility(
        _ post: FeedPost,
        _ account: PlatformAccount?,
        _ finding: CoordinationFinding
    ) -> Factor {
        var factor = Factor(kind: .visibility, value: 1, reasons: [])
        let rules = policy.visibility
        if let account, let snapshot {
            if let standing = snapshot.designation(for: account, asOf: asOf) {
                if Double(standing.confidence) >= rules.confidenceMinimum * 1000 {
                    factor.value = min(factor.value, designated(standing.severity))
                    factor.reasons.append(.designated(standing))
                } else {
                    factor.reasons.append(.designationUnsure(standing))
                }
            }
            for limit in snapshot.limits(for: account, asOf: asOf) {
                factor.value = min(factor.value, rules.limited)
                factor.reasons.append(.limited(limit))
            }
        }
        if let (group, number, lastTime) = finding.membership(of: post.qualifiedAccount) {
            let end = lastTime + rules.holdSeconds + rules.rampSeconds
            if asOf < end {
                factor.value = min(factor.value, fading(since: lastTime))
                factor.reasons.append(.coordinated(group, number: number, endsAt: end))
            }
        }
        return factor
    }

    private func designated(_ severity: HarmGrade) -> Double {
        switch severity {
        case .none: 1
        case .low: policy.visibility.designatedLow
        case .moderate: policy.visibility.designatedModerate
        case .high: policy.visibility.designatedHigh
        }
    }

    /// The limit of a coordinated account: full while it holds, then linear to none.
    private func fading(since time: Int64) -> Double {
        let rules = policy.visibility
        let beyond = asOf - time - rules.holdSeconds
        guard beyond > 0, rules.rampSeconds > 0 else { return rules.coordinated }
        let share = min(1, Double(beyond) / Double(rules.rampSeconds))
        return rules.coordinated + (1 - rules.coordinated) * share
    }

    /// Applies the floor for attested sources, and asks for review where evidence was set aside.
    private func spare(_ quality: inout Factor, _ visibility: inout Factor) {
        if visibility.reasons.contains(where: \.isEvidence) { visibility.reasons.append(.review) }
        let floor = policy.trustedFloor
        guard quality.value * visibility.value < floor else { return }
        // Whichever factor is below 1 is raised, visibility last, until the product is the floor.
        quality.value = max(quality.value, min(1, floor))
        if quality.value * visibility.value < floor {
            visibility.value = floor / quality.value
        }
        visibility.reasons.append(.trustedFloor(floor))
    }
}

extension FactorReason {
    /// Whether it speaks against the account.
    fileprivate var isEvidence: Bool {
        switch self {
        case .designated, .designationUnsure, .limited, .coordinated: true
        default: false
        }
    }
}
