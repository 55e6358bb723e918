// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension SuspendStatement: RegistryStatement {
    package static var outlivesCharter: Bool { true }
    package static var countsOnce: Bool { true }
    package static var isJoint: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.7.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let subject = try state.open(self.subject)
        guard self.until > state.clock else { throw .wrongDate }
        let daySpan = (self.until - state.clock) / RegistryState.day
        let epoch = RegistryEpoch(containing: state.clock)
        let signers = state.activeSigners(of: entry)
        // One each a quarter: two organisations shall not keep a source down by taking turns.
        let fresh = signers.filter { subject.alarms[epoch]?.contains($0.unit) != true }
        if charter.rules.emergency.isMet(by: fresh.map(\.constituency)) {
            guard daySpan <= Int64(charter.rules.emergencyDays) else { throw .tooLong }
            state.subjects[subject.id]?.alarms[epoch, default: []]
                .formUnion(fresh.map(\.unit))
        } else {
            let isSpent = charter.rules.emergency.isMet(by: signers.map(\.constituency))
            do throws(Refusal) {
                try state.requireCouncil(charter.revokeQuorum, entry)
            } catch {
                throw isSpent ? .repeated : error
            }
            guard daySpan <= RegistryState.suspensionDaysMax else { throw .tooLong }
        }
        let deciders = state.deciders(of: entry)
        state.subjects[subject.id]?.suspensions.append(
            .init(
                span: state.clock..<self.until,
                reason: self.reason,
                entry: entry.digest,
                signers: deciders
            )
        )
    }
}
