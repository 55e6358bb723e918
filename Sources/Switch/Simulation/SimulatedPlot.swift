// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Statements

/// How far the enemies of a switch may go.
///
/// Spec: `docs/spec/switch.md`, section 12.
package enum SimulatedBounds: String, CaseIterable, Sendable {
    /// What the switch promises to stand: up to k−1 colluding trustees, lost and colluding ones up
    /// to n−k (n−k−1 where the killers hold the passphrase), a minority of lying witnesses.
    case inside
    /// k colluding trustees.
    case oneColludingMore = "one-colluding-more"
    /// n−k+1 lost trustees.
    case oneLostMore = "one-lost-more"
    /// A majority of lying witnesses.
    case lyingMajority = "lying-majority"
}

/// What will happen in one life: drawn once from a seed, before it begins.
struct SimulatedPlot: Sendable {
    /// What becomes of the owner.
    enum Fate: CaseIterable, Sendable {
        /// Alive and free to the end, and in time with every check-in.
        case diligent
        /// Alive and free, silent for long, and back.
        case ill
        /// Killed; the killers have nothing.
        case killed
        /// Killed; the killers hold the passphrase.
        case killedAndOpened
        /// Held; the captors got the duress passphrase.
        case forced
        /// As before, and let go.
        case forcedAndFreed
    }

    static let hour: Int64 = 3600
    static let day: Int64 = 24 * hour
    static let witnessCount = 5

    let fate: Fate
    /// When it comes, and how long it lasts where it ends.
    let fateAt: Int64
    let fateSeconds: Int64
    let terms: SwitchTerms
    /// Trustees who work for the enemies, and those who do as the rules say, ascending; the others
    /// are lost.
    let colluding: [Int]
    let honest: [Int]
    /// Whether colluding trustees want a release, or none.
    let wantsRelease: Bool
    /// How far each honest witness's clock is off, up to a day; the others lie.
    let skews: [Int64]
    let liars: Int
    /// When no log works.
    let outages: [ClosedRange<Int64>]
    /// Whether one log shows nothing that the owner says.
    let hasSeizedLog: Bool
    /// Whether the owner is in hiding: checks in, and hardly any trustee can say more.
    ///
    /// Read off another draw, so that the lives of known seeds stay what they are.
    var isInHiding: Bool { fateAt.isMultiple(of: 4) }
    /// Whether no reminder ever arrives.
    let isMailLost: Bool
    /// What the owner does besides, and when.
    let asksForEndAt: Int64?
    let asksForEpochAt: Int64?
    let isAwayAt: Int64?
    let end: Int64

    init(_ random: inout SimulationRandom, _ bounds: SimulatedBounds) {
        let profile: SwitchProfile = random.happens(85) ? .field : .standard
        let (n, k) = [(5, 3), (7, 4), (6, 3), (5, 4)][random.index(below: 4)]
        let hasReminders = random.happens(50)
        guard
            let terms = SwitchTerms(
                profile: profile,
                trusteeCount: n,
                threshold: k,
                hasReminders: hasReminders
            )
        else { preconditionFailure("the terms of simulated lives are valid") }
        self.terms = terms
        let fates = Fate.allCases
        fate = fates[random.index(below: fates.count)]
        let cycle = profile.intervalSeconds
        fateAt = random.seconds(cycle...6 * cycle)
        fateSeconds = random.seconds(cycle...8 * cycle)
        // Who is against the switch, and who is not there.
        let isOpened = fate == .killedAndOpened
        let missingMax = isOpened ? n - k - 1 : n - k
        var colludingCount = random.index(below: min(k - 1, missingMax) + 1)
        var lostCount = random.index(below: missingMax - colludingCount + 1)
        if fate == .diligent || fate == .ill { colludingCount = k - 1 }
        switch bounds {
        case .inside, .lyingMajority: break
        case .oneColludingMore: colludingCount = k
        case .oneLostMore:
            colludingCount = 0
            lostCount = n - k + 1
        }
        let order = Array(1...n).shuffled(using: &random)
        colluding = order.prefix(colludingCount).sorted()
        honest = order.dropFirst(colludingCount + lostCount).sorted()
        wantsRelease = fate == .diligent || fate == .ill || random.happens(50)
        liars = bounds == .lyingMajority ? 3 : random.index(below: Self.witnessCount / 2 + 1)
        skews = (0..<Self.witnessCount).map { _ in random.seconds(-Self.day...Self.day) }
        outages = random.happens(30) ? Self.outages(in: cycle, &random) : []
        hasSeizedLog = random.happens(50)
        isMailLost = random.happens(30)
        let isFree = fate == .diligent
        asksForEndAt = isFree && random.happens(10) ? random.seconds(cycle...4 * cycle) : nil
        asksForEpochAt = random.happens(15) ? random.seconds(cycle...4 * cycle) : nil
        isAwayAt = random.happens(15) ? random.seconds(0...2 * cycle) : nil
        end = fateAt + fateSeconds + Self.patience(profile)
    }

    /// Outages one soon after the other: the owner has to be quick in between, and is not always.
    private static func outages(
        in cycle: Int64,
        _ random: inout SimulationRandom
    ) -> [ClosedRange<Int64>] {
        let count = 1 + random.index(below: 4)
        var start = random.seconds(0...8 * cycle)
        return (0..<count).map { _ in
            let end = start + random.seconds(hour...10 * day / Int64(count))
            defer { start = end + random.seconds(hour...12 * hour) }
            return start...end
        }
    }

    /// How long a release may take at most once the owner is silenced.
    private static func patience(_ profile: SwitchProfile) -> Int64 {
        let limits = SwitchLimits()
        return profile.intervalSeconds + 2 * profile.graceSeconds + profile.vetoSeconds
            + limits.delaySecondsSumMax + limits.reminderSecondsMax + limits.downtimeSecondsMax
            + limits.holdSecondsMax + 12 * day
    }

    /// Whether no log works.
    func isDown(_ time: Int64) -> Bool { outages.contains { $0.contains(time) } }

    /// Whether the owner is alive and at liberty.
    func isFree(_ time: Int64) -> Bool {
        switch fate {
        case .diligent, .ill: true
        case .killed, .killedAndOpened, .forced: time < fateAt
        case .forcedAndFreed: time < fateAt || time >= fateAt + fateSeconds
        }
    }

    /// Whether the owner can be reached and says something.
    func isHeard(_ time: Int64) -> Bool {
        guard isFree(time) else { return false }
        return fate != .ill || time < fateAt || time >= fateAt + fateSeconds
    }

    /// Whether the work has to come out in the end.
    var hasToBeReleased: Bool {
        switch fate {
        case .killed, .killedAndOpened, .forced: true
        case .diligent, .ill, .forcedAndFreed: false
        }
    }
}
