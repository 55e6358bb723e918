// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import RingSignature
package import Statements

extension ConcurStatement: SealableRegistryStatement {
    package var ringAct: RingAct { .concur }

    /// Spec: `docs/spec/sortition.md`, section 5.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let subject = try state.open(self.subject)
        // First, since without the vouches' signatures there is no panel either.
        guard entry.sealBytes != nil || state.decided[epoch] != nil else { throw .sealMissing }
        guard let panel = state.panels[subject.id, epoch], let draw = panel.draw else {
            throw .noPanel
        }
        // With enough of them there is nothing left to say, and saying it would tell who it is.
        guard state.clock < draw.deadline, panel.concurredOn == nil else { throw .panelOver }
        let (proven, _) = try state.prove(
            self,
            entry,
            by: draw.ring,
            known: panel.concurrences.compactMap(\.tag),
            sealedCount: panel.concurrences.count
        )
        try record(in: &state, proven, charter)
    }

    package func record(
        in state: inout RegistryState,
        _ act: ProvenAct,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let concurrence = Panel.Concurrence(
            tag: act.tag,
            since: act.since,
            soundCount: soundCount,
            unsoundCount: unsoundCount
        )
        state.panels.concur(concurrence, PanelBook.Place(RegistryID(subject), epoch))
    }
}
