// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// How grave something that a dispute or a panel found is.
package enum ScoreSeverity: String, Sendable, CaseIterable {
    case low
    case moderate
    case high

    /// What a failure of this kind adds to the bad side of a record, in millionths.
    package var failureWeight: Int64 {
        switch self {
        case .low: 250_000
        case .moderate: 1_000_000
        case .high: 4_000_000
        }
    }

    /// The most that a score may be while a dispute of this kind is open, in millionths.
    package var cap: Int64 {
        switch self {
        case .low: 800_000
        case .moderate: 500_000
        case .high: 200_000
        }
    }
}

/// What the log says about an account, as far as its score depends on it.
///
/// Spec: `docs/spec/score.md`, section 3.
package struct ScoreInputs: Equatable, Sendable {
    /// The vouches of one constituency, and its record.
    package struct Backing: Equatable, Sendable {
        /// Short name.
        package let constituency: String
        /// Whole days since each vouch that counts.
        package let ageDays: [Int64]
        /// Decayed good outcomes, in millionths.
        package let successes: Int64
        /// Decayed bad outcomes, in millionths.
        package let failures: Int64

        package init(
            constituency: String,
            ageDays: [Int64],
            successes: Int64,
            failures: Int64
        ) {
            precondition(ageDays.allSatisfy { $0 >= 0 }, "vouches of the past")
            self.constituency = constituency
            self.ageDays = ageDays
            self.successes = successes
            self.failures = failures
        }
    }

    /// Where the account stands.
    package var state: StandingState
    /// What speaks for it, by constituency, ascending.
    package var backings: [Backing]
    /// Posts that panels found sound.
    package var soundCount: Int64 = 0
    /// Posts that panels did not find sound.
    package var unsoundCount: Int64 = 0
    /// Disputes that were upheld against it and are not a year old.
    package var upheld: [ScoreSeverity] = []
    /// The gravest dispute that is open.
    package var dispute: ScoreSeverity?

    package init(state: StandingState, backings: [Backing]) {
        self.state = state
        self.backings = backings
    }
}

/// A number between 0 and 1 that orders what a reader looks at; it makes no badge.
///
/// Spec: `docs/spec/score.md`, section 4.
package struct Score: Equatable, Sendable {
    /// Name of the formula with its constants: others get another name.
    package static let rule = "score/v1"
    /// ln(0.2/0.8) in millionths: what is thought of an account before anybody said anything.
    package static let start: Int64 = -1_386_294
    /// Bounds of a score, in millionths: nobody is sure of anything.
    package static let range: ClosedRange<Int64> = 20_000...950_000
    /// The most with vouches of one constituency, in millionths.
    package static let lonelyCap: Int64 = 490_000
    /// Days in which the weight of a vouch halves.
    package static let vouchHalfDays: Int64 = 120
    /// Days in which the weight of an outcome halves.
    package static let outcomeHalfDays: Int64 = 365
    /// How long an upheld dispute weighs.
    package static let disputeSeconds: Int64 = 365 * RegistryState.day
    /// A constituency's record before the first outcome, in millionths: 8 good, 2 bad.
    package static let prior: (good: Int64, bad: Int64) = (8_000_000, 2_000_000)
    /// How far audited posts may move the sum, in millionths.
    package static let postsRange: ClosedRange<Int64> = -1_500_000...1_500_000
    /// The most vouches of a constituency that weigh anything.
    private static let vouchCountMax = 20

    /// What one constituency adds.
    package struct Term: Equatable, Sendable {
        /// Short name.
        package let constituency: String
        /// How many vouches, and what they weigh together, in billionths of a fresh one.
        package let vouchCount: Int
        package let weight: Int64
        /// What can be expected of its word at least, in millionths.
        package let reliability: Int64
        /// What that adds, in millionths.
        package let value: Int64
    }

    /// Why a score is not what its terms add up to.
    package enum Limit: String, Sendable {
        /// The state forbids any.
        case state
        /// One constituency alone.
        case oneConstituency = "one-constituency"
        /// A dispute is open.
        case dispute
        /// The ends of the range.
        case range
    }

    /// What constituencies add, in the order of the inputs.
    package let terms: [Term]
    /// What audited posts add, in millionths.
    package let posts: Int64
    /// What upheld disputes take away, in millionths.
    package let penalties: Int64
    /// Everything together, in millionths.
    package let sum: Int64
    /// What made it lower or higher, if anything did: the last one that did.
    package let limit: Limit?
    /// The score in thousandths, rounded half up.
    package let thousandths: Int

    /// States in which there is no score.
    package static let silentStates: Set<StandingState> = [
        .registered, .stale, .lapsed, .suspended, .takenOver, .revoked, .memorialPending,
        .memorial, .withdrawn,
    ]

    /// Computes it.
    ///
    /// - Parameter inputs: What the log says.
    /// - Complexity: O(n log n) in the vouches.
    package init(_ inputs: ScoreInputs) {
        terms = inputs.backings.filter { !$0.ageDays.isEmpty }.map(Self.term)
        posts = Self.posts(inputs.soundCount, inputs.unsoundCount)
        penalties = inputs.upheld.reduce(0) { $0 + $1.failureWeight }
        sum = Self.start + terms.reduce(0) { $0 + $1.value } + posts - penalties
        let free = ScoreArithmetic.sigmoid(sum)
        var value = min(max(free, Self.range.lowerBound), Self.range.upperBound)
        var limit: Limit? = value == free ? nil : .range
        func atMost(_ cap: Int64, _ reason: Limit) {
            if value > cap { (value, limit) = (cap, reason) }
        }
        if terms.count < 2 { atMost(Self.lonelyCap, .oneConstituency) }
        if let dispute = inputs.dispute { atMost(dispute.cap, .dispute) }
        if Self.silentStates.contains(inputs.state) { atMost(0, .state) }
        self.limit = limit
        thousandths = Int((value + 500) / 1000)
    }

    /// What a score would be if nothing but `sum`, in millionths, were known, in thousandths.
    package static func thousandths(ofSum sum: Int64) -> Int {
        Int((ScoreArithmetic.sigmoid(sum) + 500) / 1000)
    }

    /// The score of a hundred, as NIP-85 wants it, rounded half up from the thousandths.
    package static func rank(_ thousandths: Int) -> Int { (thousandths + 5) / 10 }

    // f = 2^(−days/120); the second vouch of a constituency counts half, the third a quarter.
    private static func term(_ backing: ScoreInputs.Backing) -> Term {
        let fresh = backing.ageDays.sorted().prefix(vouchCountMax)
        let weight = fresh.enumerated().reduce(Int64(0)) { sum, vouch in
            sum + ScoreArithmetic.halving(vouch.element, vouchHalfDays) >> Int64(vouch.offset)
        }
        let reliability = ScoreArithmetic.reliability(
            min(prior.good + backing.successes, ScoreArithmetic.countMax),
            min(prior.bad + backing.failures, ScoreArithmetic.countMax)
        )
        return Term(
            constituency: backing.constituency,
            vouchCount: backing.ageDays.count,
            weight: weight,
            reliability: reliability,
            value: weight * ScoreArithmetic.logit(reliability) / ScoreArithmetic.whole
        )
    }

    private static func posts(_ sound: Int64, _ unsound: Int64) -> Int64 {
        let countMax: Int64 = 1 << 30
        let value = ScoreArithmetic.logarithm(
            min(sound, countMax) + 2,
            2 * (min(unsound, countMax) + 1)
        )
        return min(max(value, postsRange.lowerBound), postsRange.upperBound)
    }
}
