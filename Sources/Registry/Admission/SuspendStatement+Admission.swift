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
        let verifiers = state.activeSigners(of: entry).map(\.constituency)
        if charter.rules.emergency.isMet(by: verifiers) {
            guard daySpan <= Int64(charter.rules.emergencyDays) else { throw .tooLong }
        } else {
            try state.requireCouncil(charter.revokeQuorum, entry)
            guard daySpan <= RegistryState.suspensionDaysMax else { throw .tooLong }
        }
        state.subjects[subject.id]?.suspensions.append(
            .init(
                span: state.clock..<self.until,
                reason: self.reason,
                entry: entry.digest,
                signers: entry.signerIDs
            )
        )
    }
}
