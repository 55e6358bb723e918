// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import RingSignature
package import Statements

extension SealedActStatement: SealableRegistryStatement {
    package static var outlivesCharter: Bool { true }

    package var ringAct: RingAct {
        switch act {
        case .object: .object
        case .suspend: .suspend
        }
    }

    /// Spec: `docs/spec/registry.md`, section 3.12.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let subject = try state.open(self.subject)
        guard epoch == RegistryEpoch(containing: state.clock) else { throw .wrongEpoch }
        guard let seal, let ring = state.rings.ring(epoch, seal.constituency) else {
            throw .unknownRing
        }
        let earlier = subject.sealedActs.filter { $0.act == act && $0.epoch == epoch }
        let (proven, quotaTag) = try state.prove(
            self,
            entry,
            by: ring,
            known: earlier.compactMap(\.tag),
            sealedCount: earlier.count { $0.constituency == seal.constituency }
        )
        if let quotaTag { state.rings.use(quotaTag) }
        try record(in: &state, proven, charter)
    }

    package func record(
        in state: inout RegistryState,
        _ proven: ProvenAct,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let id = RegistryID(subject)
        state.subjects[id]?.sealedActs.append(
            Subject.SealedMark(
                act: act,
                epoch: epoch,
                constituency: proven.constituency,
                tag: proven.tag,
                since: proven.since
            )
        )
        guard act == .suspend else { return }
        // Alarms of the last days that did not suspend anybody yet.
        let days = Int64(charter.rules.emergencyDays) * RegistryState.day
        let marks = state.subjects[id]?.sealedActs ?? []
        let open = marks.indices.filter { index in
            let mark = marks[index]
            return mark.act == .suspend && mark.epoch == epoch && !mark.isSpent
                && mark.since <= proven.since && proven.since - mark.since < days
        }
        guard charter.rules.emergency.isMet(by: open.map { marks[$0].constituency }) else {
            return
        }
        for index in open { state.subjects[id]?.sealedActs[index].isSpent = true }
        state.subjects[id]?.suspensions.append(
            .init(span: proven.since..<(proven.since + days), reason: reason)
        )
    }
}
