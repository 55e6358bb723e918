// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Statements

/// Hides among random ones the suspensions that a source in danger asked for.
///
/// Whoever forces a person may watch their account: a badge that goes away that day tells them that
/// somebody was warned. Only suspensions as `routine-review` of sources that are not public are
/// masked; a takeover shows at once.
///
/// All of it follows from the key and the history, so that each snapshot repeats what earlier ones
/// showed.
///
/// Spec: `docs/spec/snapshot.md`, section 9.
package struct SuspensionMask: Sendable {
    /// Covers begin and end with weeks: seven days from a Thursday (UTC).
    package static let weekSeconds: Int64 = 7 * 86_400
    /// The longest delay before the next week counts.
    package static let delaySecondsMax: Int64 = 2 * 86_400
    /// Of 65 536 weeks in which an account is attested, how many are covers: one in fifty.
    package static let coverOdds = 1311
    /// Weeks of which one hash decides.
    private static let blockWeeks: Int64 = 16
    private static let label = Array("resguardo-registry/mask/v1\n".utf8)

    private let key: [UInt8]

    /// - Parameter key: 32 random bytes, the same for all snapshots.
    package init(key: [UInt8]) {
        precondition(key.count == 32, "a key has 32 bytes")
        self.key = key
    }

    /// A history as those see it who must not know.
    ///
    /// - Parameters:
    ///   - history: As the log says.
    ///   - account: Its commitment.
    ///   - date: Of the snapshot, seconds since 1970.
    /// - Returns: Another history. Masked suspensions are not in it, covers are; a suspension that
    ///   shows at `date` has no end.
    /// - Complexity: O(weeks in which the account was attested).
    package func shown(
        _ history: [StandingPeriod],
        of account: RegistryID,
        at date: Int64
    ) -> [StandingPeriod] {
        let secret = SHA256.hash(Self.label + key + account.bytes)
        var base: [StandingPeriod] = []
        var hidden: [Range<Int64>] = []
        for period in history {
            guard let last = base.last, last.state == .attested, Self.isMasked(period) else {
                base.append(period)
                continue
            }
            hidden.append(period.since..<(period.until ?? .max))
            base[base.count - 1] = last.with(last.since, period.until)
        }
        return Self.joined(base).flatMap { period in
            guard period.state == .attested, period.since <= date else { return [period] }
            return covered(period, hidden, secret, date)
        }
    }

    private static func isMasked(_ period: StandingPeriod) -> Bool {
        period.state == .suspended && period.reason == .routineReview
    }

    /// An attested period, with the weeks in which it shows as suspended.
    private func covered(
        _ period: StandingPeriod,
        _ hidden: [Range<Int64>],
        _ secret: [UInt8],
        _ date: Int64
    ) -> [StandingPeriod] {
        let end = period.until ?? .max
        var periods: [StandingPeriod] = []
        var start = period.since
        let first = (period.since + Self.weekSeconds - 1) / Self.weekSeconds
        let last = min(date, end - 1) / Self.weekSeconds
        let weeks = weeks(of: hidden.filter { $0.overlaps(period.since..<end) }, secret)
        var block: (number: Int64, bytes: [UInt8]) = (-1, [])
        var week = first
        while week <= last {
            defer { week += 1 }
            if block.number != week / Self.blockWeeks {
                block.number = week / Self.blockWeeks
                block.bytes = SHA256.hash(secret + Self.bigEndian(block.number))
            }
            let at = 2 * Int(week % Self.blockWeeks)
            let draw = Int(block.bytes[at]) << 8 | Int(block.bytes[at + 1])
            guard draw < Self.coverOdds || weeks.contains(where: { $0.contains(week) }) else {
                continue
            }
            let (from, to) = (week * Self.weekSeconds, (week + 1) * Self.weekSeconds)
            if start < from { periods.append(period.with(start, from)) }
            // An end in the future would tell those that last from those that do not.
            let ends = min(to, end)
            let until = ends > date ? nil : ends
            if let before = periods.last, before.state == .suspended, before.until == from {
                periods[periods.count - 1] = before.with(before.since, until)
            } else {
                periods.append(
                    StandingPeriod(
                        state: .suspended,
                        tier: .none,
                        since: from,
                        until: until,
                        reason: .routineReview
                    )
                )
            }
            guard let until else { return periods }
            start = until
        }
        if start < end { periods.append(period.with(start, period.until)) }
        return periods
    }

    /// The weeks in which hidden suspensions show.
    private func weeks(of hidden: [Range<Int64>], _ secret: [UInt8]) -> [ClosedRange<Int64>] {
        hidden.map { span in
            let random = SHA256.hash(secret + Array("delay".utf8) + Self.bigEndian(span.lowerBound))
            let number = random.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let delay = Int64(number % UInt64(Self.delaySecondsMax + 1))
            let first = (span.lowerBound + delay + Self.weekSeconds - 1) / Self.weekSeconds
            let last = span.upperBound == .max ? .max : (span.upperBound - 1) / Self.weekSeconds
            return first...max(first, last)
        }
    }

    /// Periods that became alike are one.
    private static func joined(_ periods: [StandingPeriod]) -> [StandingPeriod] {
        periods.reduce(into: []) { joined, period in
            if let last = joined.last, last.state == period.state, last.tier == period.tier,
                last.reason == period.reason
            {
                joined[joined.count - 1] = last.with(last.since, period.until)
            } else {
                joined.append(period)
            }
        }
    }

    private static func bigEndian(_ number: Int64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * Int64($0))) }
    }
}

extension StandingPeriod {
    fileprivate func with(_ since: Int64, _ until: Int64?) -> StandingPeriod {
        StandingPeriod(state: state, tier: tier, since: since, until: until, reason: reason)
    }
}
