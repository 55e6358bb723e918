// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

/// How the vouches of each constituency turned out.
///
/// A record belongs to a constituency, in the open as under seal: if an organisation's own record
/// counted, a vouch in the open would be worth more than a hidden one.
///
/// Spec: `docs/spec/score.md`, section 3.2.
package struct TrackRecords: Sendable {
    /// Reasons for which the council revokes that say: those who vouched were wrong.
    package static let failures: Set<RegistryReason> = [
        .coordinatedHarm, .fabricatedEvidence, .impersonation, .undisclosedAffiliation,
    ]

    private struct Record {
        var good: Int64 = 0
        var bad: Int64 = 0
    }

    private var records: [String: Record] = [:]

    init(_ state: RegistryState, at time: Int64) {
        for subject in state.subjects.values {
            for account in subject.accounts { addSuccesses(state, subject, account, time) }
            for closure in subject.closures
            where closure.state == .revoked && Self.failures.contains(closure.reason)
                && closure.holds(at: time)
            {
                addFailure(state, subject, .high, on: closure.since, time)
            }
            for dispute in state.upheldDisputes(about: subject.id, at: time) {
                addFailure(state, subject, dispute.severity, on: dispute.since, time)
            }
        }
    }

    /// Those whose vouches for any account counted on a day were wrong.
    private mutating func addFailure(
        _ state: RegistryState,
        _ subject: Subject,
        _ severity: ScoreSeverity,
        on day: Int64,
        _ time: Int64
    ) {
        let vouches = subject.accounts.flatMap {
            state.vouches(for: subject.id, account: $0, at: day)
        }
        add(
            Set(vouches.map(\.constituency)),
            weight: severity.failureWeight,
            isGood: false,
            age: time - day
        )
    }

    /// The decayed outcomes of a constituency, in millionths.
    package func outcomes(of constituency: String) -> (successes: Int64, failures: Int64) {
        let record = records[constituency] ?? Record()
        return (record.good, record.bad)
    }

    /// Each quarter at whose end an account stood attested went well.
    private mutating func addSuccesses(
        _ state: RegistryState,
        _ subject: Subject,
        _ account: RegistryID,
        _ time: Int64
    ) {
        let over = subject.vouches.filter { $0.accounts.contains(account) && $0.epoch.end <= time }
        let epochs = Set(over.map(\.epoch))
        guard !epochs.isEmpty else { return }
        let history = state.history(of: subject.id, account: account)
        for epoch in epochs {
            let last = epoch.end - 1
            guard history.contains(where: { $0.contains(last) && $0.state == .attested }) else {
                continue
            }
            let vouches = state.vouches(for: subject.id, account: account, at: last)
                .filter { $0.epoch == epoch }
            add(
                Set(vouches.map(\.constituency)),
                weight: ScoreArithmetic.one,
                isGood: true,
                age: time - epoch.end
            )
        }
    }

    /// Shares an outcome between those who vouched.
    private mutating func add(
        _ constituencies: Set<String>,
        weight: Int64,
        isGood: Bool,
        age: Int64
    ) {
        guard !constituencies.isEmpty else { return }
        let share = weight / Int64(constituencies.count)
        let decay = ScoreArithmetic.halving(age / RegistryState.day, Score.outcomeHalfDays)
        let value = share * decay / ScoreArithmetic.whole
        for constituency in constituencies {
            if isGood {
                records[constituency, default: Record()].good += value
            } else {
                records[constituency, default: Record()].bad += value
            }
        }
    }
}

extension RegistryState {
    /// What the score of an account depends on.
    ///
    /// - Parameters:
    ///   - subject: Whose account it is.
    ///   - account: Its commitment.
    ///   - state: Where it stands then.
    ///   - records: Of this state, at the same moment.
    ///   - time: Seconds since 1970.
    /// - Returns: The inputs of the formula.
    /// - Complexity: O(v log v) in the vouches of the subject.
    package func scoreInputs(
        of subject: RegistryID,
        account: RegistryID,
        standing state: StandingState,
        _ records: TrackRecords,
        at time: Int64
    ) -> ScoreInputs {
        // Vouches that make no tier, or were objected to, say nothing.
        guard [.provisional, .pending, .attested].contains(state) else {
            return ScoreInputs(state: state, backings: [])
        }
        let counted = vouches(for: subject, account: account, at: time)
        // Of one quarter, as for a badge: the one with the best sum, of equals the later one.
        let upheld = upheldDisputes(about: subject, at: time)
            .filter { $0.since > time - Score.disputeSeconds }.map(\.severity)
        let candidates = Set(counted.map(\.epoch)).sorted().map { epoch in
            let vouches = counted.filter { $0.epoch == epoch }
            var inputs = ScoreInputs(state: state, backings: backings(vouches, records, at: time))
            inputs.upheld = upheld
            if let panel = panels[subject, epoch], panel.agrees(to: account, at: time) {
                (inputs.soundCount, inputs.unsoundCount) = panel.posts(at: time)
            }
            return inputs
        }
        return candidates.max { Score($0).sum < Score($1).sum }
            ?? ScoreInputs(state: state, backings: [])
    }

    /// How the vouches of each constituency turned out until a moment.
    ///
    /// - Complexity: O(n) in the subjects.
    package func trackRecords(at time: Int64) -> TrackRecords { TrackRecords(self, at: time) }

    private func backings(
        _ vouches: [CountedVouch],
        _ records: TrackRecords,
        at time: Int64
    ) -> [ScoreInputs.Backing] {
        let groups = Dictionary(grouping: vouches, by: \.constituency)
        return groups.keys.sorted().map { constituency in
            let outcomes = records.outcomes(of: constituency)
            return ScoreInputs.Backing(
                constituency: constituency,
                ageDays: groups[constituency, default: []].map { (time - $0.since) / Self.day },
                successes: outcomes.successes,
                failures: outcomes.failures
            )
        }
    }
}
