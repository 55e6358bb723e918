// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Sodium
package import Statements
internal import Vrf

extension BeaconStatement: RegistryStatement {
    /// Spec: `docs/spec/sortition.md`, section 3.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let holders = state.charter(at: day)?.beacons ?? []
        guard let holder = holders.first(where: { $0.function == self.holder }),
            state.panels.days(awaiting: RegistryID(self.holder)).contains(day)
        else { throw .notAwaited }
        guard entry.isSigned(by: RegistryKey(bytes: holder.key)) else { throw .notSigned }
        let output = try output(context: state.context)
        let isTaken = state.panels.take(
            output,
            of: RegistryID(self.holder),
            for: day,
            on: state.clock,
            context: state.context
        )
        guard isTaken else { throw .notAwaited }
        state.assignComplaints()
    }

    /// What the proof shows.
    ///
    /// - Throws: `.wrongProof`.
    private func output(context: [UInt8]) throws(Refusal) -> [UInt8] {
        let input = PanelSeed.input(context: context, day: day)
        do {
            return try VrfProof(proof).verify(key: Element(canonical: holder), input: input)
        } catch {
            throw .wrongProof
        }
    }
}

extension RegistryState {
    /// Has panels drawn for all whose vouches meet the rule of a charter from today.
    mutating func convenePanels(_ charter: CharterStatement) {
        for (id, subject) in subjects {
            for epoch in Set(subject.vouches.map(\.epoch)) where epoch.end > clock {
                convenePanel(id, epoch, charter)
            }
        }
    }

    /// Has panels drawn where too few verifiers could be drawn before.
    mutating func conveneUndrawn(_ charter: CharterStatement) {
        panels.forgetUndrawn(before: clock)
        for place in panels.undrawn
        where rings.pool(place.epoch).count >= PanelRule.poolCountMin {
            convenePanel(place.subject, place.epoch, charter)
        }
    }

    /// Has a panel drawn when the vouches for an account meet the rule for the first time, and
    /// the quarter has begun: before it there is hardly anybody who could be drawn.
    ///
    /// Spec: `docs/spec/sortition.md`, section 3.
    mutating func convenePanel(
        _ id: RegistryID,
        _ epoch: RegistryEpoch,
        _ charter: CharterStatement
    ) {
        guard epoch.start <= clock, panels[id, epoch] == nil, let subject = subjects[id] else {
            return
        }
        let vouches = subject.vouches.filter { $0.epoch == epoch && $0.withdrawnAt == nil }
        let isMet = subject.accounts.contains { account in
            let own = vouches.filter { $0.accounts.contains(account) }
            return charter.rules.attested.isMet(by: own.map(\.constituency))
        }
        guard isMet else { return }
        panels.convene(
            PanelBook.Place(id, epoch),
            on: clock,
            subject.accounts,
            charter.beacons
        )
    }
}
