// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Statements

/// What there is to do for a trustee: by the program on its own, or by the person whom it asks.
///
/// The program never says what became of an owner. It announces and publishes a share only for a
/// person who has said, in this cycle, that the owner is dead, taken or not to be found, and who
/// has not asked for more time since.
///
/// Spec: `docs/spec/switch.md`, section 15.
package enum TrusteeDuty: Equatable, Sendable {
    /// Show that the key is there.
    case drill
    /// Say the day's sealed statement.
    case day
    /// Ask the person.
    case ask(Question, since: Int64)
    /// Announce the share.
    case announce
    /// Publish it.
    case publish

    /// What only a person can answer.
    package enum Question: String, CaseIterable, Sendable {
        /// What has become of the owner?
        case owner
        /// The owner checks in by force: has somebody met them since?
        case duress
        /// The release has begun, and this person has not spoken.
        case release
    }
}

extension TrusteeSeat {
    /// How old a drill may be before the next one.
    private static let drillSecondsMax: Int64 = 25 * 24 * 3600

    /// What there is to do now; acts first, in the order in which they are to be done.
    ///
    /// - Parameter machine: The switch as this trustee sees it now.
    /// - Returns: Nothing in a final state.
    package func duties(_ machine: SwitchMachine) -> [TrusteeDuty] {
        guard let facts = machine.facts, !machine.state.isFinal else { return [] }
        let epoch = arming.statement.epoch.number
        // Of a new epoch that was asked for, only its readiness is shown; an old one is over.
        guard epoch == facts.epoch else {
            return epoch > facts.epoch && record.drilled[epoch]?.contains(number) != true
                ? [.drill] : []
        }
        var duties: [TrusteeDuty] = []
        // A fresh arming is confirmed by the first one.
        let drilled = facts.drills[number] ?? .min
        if drilled < machine.clock - Self.drillSecondsMax { duties.append(.drill) }
        let day = machine.clock / SealedDay.daySeconds
        if record.briefing(of: epoch) != nil, !record.hasDay(day, of: number, epoch: epoch) {
            duties.append(.day)
        }
        let speaks = hasMandate(facts)
        if machine.state == .releasing, speaks {
            if facts.intents[number] == nil {
                // Under duress it goes out with the next day: an open one would tell the captor.
                if facts.duress == nil { duties.append(.announce) }
            } else if machine.allowsShares, record.shares[number] == nil {
                duties.append(.publish)
            }
        }
        if facts.duress != nil { duties.append(.ask(.duress, since: machine.since)) }
        switch machine.state {
        case .suspect, .pending:
            if !hasAnswered(facts) { duties.append(.ask(.owner, since: facts.suspectAt)) }
        case .releasing where !speaks:
            duties.append(.ask(.release, since: machine.since))
        default: break
        }
        return duties
    }

    /// The announcement that goes out under seal, if there is one.
    func sealedIntent(_ machine: SwitchMachine) throws(SwitchError) -> ReleaseIntent? {
        guard let facts = machine.facts, facts.duress != nil, machine.state == .releasing,
            hasMandate(facts)
        else { return nil }
        return try intent(asOf: machine.clock)
    }

    /// Whether the person has said in this cycle what became of the owner.
    private func hasAnswered(_ facts: SwitchFacts) -> Bool {
        guard let answer = facts.answers[number] else { return false }
        return !answer.hasLapsed && answer.time >= facts.cycleStart
    }

    /// Whether the person's word allows the program to act.
    private func hasMandate(_ facts: SwitchFacts) -> Bool {
        guard hasAnswered(facts), let answer = facts.answers[number] else { return false }
        return [.dead, .taken, .unknown].contains(answer.verdict) && facts.delays[number] == nil
    }
}
