// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

/// A pseudonymous source: what the log says of it, before any question is asked.
///
/// All of it are facts with their days; what they amount to is ``StandingRules``.
package struct Subject: Sendable {
    /// The most accounts of one subject.
    package static let accountCountMax = 16
    /// How many guardians act together.
    package static let guardianThreshold = 2

    /// Its id.
    package let id: RegistryID
    /// The key that signs for it now.
    package internal(set) var key: RegistryKey
    /// SHA-256 of the key that it promised.
    package internal(set) var next: RegistryID
    /// When it registered, seconds since 1970.
    package let registeredAt: Int64
    /// The commitments of its accounts, in the order in which it showed control.
    package internal(set) var accounts: [RegistryID] = []
    var controls: [Control] = []
    var vouches: [Vouch] = []
    var suspensions: [Suspension] = []
    var sealedActs: [SealedMark] = []
    /// Decisions that have no end by themselves.
    package internal(set) var closures: [Closure] = []
    var takeovers: [Takeover] = []
    /// When its key changed.
    var rotations: [Int64] = []
    /// The key that guardians gave it, until it holds.
    var recovery: Recovery?
    var guardians: [Guardians] = []
    /// Who suspended it in an emergency in each quarter: each organisation, or those under one
    /// control, once.
    var alarms: [RegistryEpoch: Set<String>] = [:]
    /// Quarters in which a guardian froze it.
    var freezes: Set<RegistryEpoch> = []
    /// What it promised to say now and then, if it did.
    package internal(set) var canary: Canary?
    var appeals: [RegistryID: Appeal] = [:]
    /// When it started again after a revocation.
    var reopenings: [Int64] = []

    init(id: RegistryID, key: RegistryKey, next: RegistryID, registeredAt: Int64) {
        self.id = id
        self.key = key
        self.next = next
        self.registeredAt = registeredAt
    }

    /// A stretch of time in which control of an account counts.
    struct Control: Sendable {
        let account: RegistryID
        let span: Range<Int64>
    }

    /// A vouch, with what was true of its maker when it was made.
    struct Vouch: Sendable {
        /// Who, in the open; `nil` for one of a ring.
        let verifier: RegistryID?
        /// The maker's, for this subject and quarter.
        let tag: RegistryID?
        /// The one-time key that takes it back.
        let key: RegistryKey?
        let constituency: String
        let epoch: RegistryEpoch
        let accounts: [RegistryID]
        let entry: RegistryID
        let since: Int64
        let until: Int64
        var withdrawnAt: Int64?
    }

    /// A sealed objection or alarm.
    struct SealedMark: Sendable {
        let act: SealedAct
        let epoch: RegistryEpoch
        let constituency: String
        let tag: RegistryID?
        let since: Int64
        /// Whether it suspended the subject already.
        var isSpent = false
    }

    struct Suspension: Sendable {
        let span: Range<Int64>
        let reason: RegistryReason
        /// The statement, and who signed it: those do not judge its appeal.
        var entry: RegistryID?
        var signers: [RegistryID] = []
        /// When it was appealed.
        var appealedAt: Int64?
        /// Whether the appeal was turned down in time.
        var stands = false
        /// When an appeal ended it.
        var liftedAt: Int64?

        /// First moment after it: an appeal that nobody decides lets it lapse.
        var end: Int64 {
            var end = min(span.upperBound, liftedAt ?? .max)
            if let appealedAt, !stands { end = min(end, appealedAt + RegistryState.appealSeconds) }
            return end
        }

        func covers(_ time: Int64) -> Bool { span.lowerBound <= time && time < end }
    }

    /// A decision that has no end by itself.
    package struct Closure: Sendable {
        /// What it makes of the subject.
        package let state: StandingState
        /// When it was made known, seconds since 1970.
        package let announcedAt: Int64
        /// From when it holds, seconds since 1970.
        package let since: Int64
        /// Why.
        package let reason: RegistryReason
        /// The last moment at which the account was the subject's, seconds since 1970.
        package let lastTrustedAt: Int64?
        /// When it was taken back, seconds since 1970.
        package internal(set) var until: Int64 = .max
        var entry: RegistryID?
        var signers: [RegistryID] = []
        var appealedAt: Int64?

        func holds(at time: Int64) -> Bool { since <= time && time < until }
        func isPending(at time: Int64) -> Bool { announcedAt <= time && time < min(since, until) }
    }

    /// Somebody else has the accounts, its guardians say.
    struct Takeover: Sendable {
        let since: Int64
        let lastTrustedAt: Int64?
        /// When guardians gave the subject a new key to mend it with.
        var recoveryAt: Int64?
        /// When it started again, after it was not mended.
        var reopenedAt: Int64?

        /// Until when it has to be mended.
        var deadline: Int64 {
            (recoveryAt.map { $0 + RegistryState.recoverySeconds } ?? since)
                + RegistryState.recoverySeconds
        }
    }

    /// The day on which the last proof of control was logged that counts at a moment.
    package func shownOn(_ account: RegistryID, at time: Int64) -> Int64? {
        controls.last { $0.account == account && $0.span.contains(time) }?.span.lowerBound
    }

    struct Recovery: Sendable {
        let key: RegistryKey
        let next: RegistryID
        let holdsAt: Int64
    }

    struct Guardians: Sendable {
        let keys: [RegistryKey]
        let since: Int64
    }

    struct Appeal: Sendable {
        let decision: RegistryID
        let since: Int64
        var isDecided = false
    }

    /// How it ended, as far as that holds at `time`: what is never left comes first.
    package func closure(at time: Int64) -> Closure? {
        let holding = closures.filter { $0.holds(at: time) }
        return holding.first { $0.state.isTerminal } ?? holding.first
    }

    /// The last moment at which the accounts were the subject's, as far as anybody decided.
    package func lastTrustedAt(at time: Int64) -> Int64? {
        let closing = closures.filter { $0.holds(at: time) || $0.isPending(at: time) }
        let taken = takeovers.filter { $0.since <= time && mended($0, at: time) == nil }
        return (closing.map(\.lastTrustedAt) + taken.map(\.lastTrustedAt))
            .compactMap { $0 }.min()
    }

    func guardians(at time: Int64) -> [RegistryKey] {
        guardians.last { $0.since <= time }?.keys ?? []
    }

    // MARK: What counts

    /// Controls and vouches from before this moment count no more at `time`.
    ///
    /// After a takeover that is the day on which the key changed, after a long silence the day on
    /// which it was over; nothing counts until then.
    func floor(at time: Int64) -> Int64 {
        var floor = reopenings.filter { $0 <= time }.max() ?? .min
        if let canary { floor = max(floor, canary.floor(at: time)) }
        for takeover in takeovers where takeover.since <= time {
            floor = max(floor, rotation(after: takeover, at: time) ?? .max)
        }
        return floor
    }

    private func rotation(after takeover: Takeover, at time: Int64) -> Int64? {
        let starts = rotations + [takeover.reopenedAt].compactMap { $0 }
        return starts.filter { $0 >= takeover.since && $0 <= time }.min()
    }

    /// When a takeover was mended: the key changed, control was shown and somebody vouched again.
    func mended(_ takeover: Takeover, at time: Int64) -> Int64? {
        if let reopened = takeover.reopenedAt, reopened <= time { return reopened }
        guard let rotated = rotation(after: takeover, at: time),
            let shown = controls.map(\.span.lowerBound).filter({ $0 >= rotated && $0 <= time })
                .min(),
            let vouched = vouches.map(\.since).filter({ $0 >= shown && $0 <= time }).min(),
            vouched < takeover.deadline
        else { return nil }
        return vouched
    }

    /// The takeover that is open at `time`.
    func takeover(at time: Int64) -> Takeover? {
        takeovers.last { $0.since <= time && mended($0, at: time) == nil }
    }

    /// Whether a takeover was not mended in time.
    func isLost(at time: Int64) -> Bool {
        takeover(at: time).map { $0.deadline <= time } ?? false
    }

    func controls(_ account: RegistryID, at time: Int64) -> Bool {
        let floor = floor(at: time)
        return controls.contains {
            $0.account == account && $0.span.contains(time) && $0.span.lowerBound >= floor
        }
    }
}
