// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension ProveControlStatement: RegistryStatement {
    package static var isJoint: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.5.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let subject = try state.open(self.subject)
        guard entry.isSigned(by: subject.key) else { throw .notSigned }
        let observers = state.activeSigners(of: entry).map(\.constituency)
        guard charter.rules.observers.isMet(by: observers) else { throw .noQuorum }
        // Counted from the day that was claimed, so that handing a proof in again adds nothing.
        let end = self.head.date + Int64(charter.rules.controlDays) * RegistryState.day
        guard end > state.clock else { throw .wrongDate }
        let account = RegistryID(self.account)
        // Its salt is the owner's secret: a second one copied it from the log.
        guard state.accountOwners[account] ?? subject.id == subject.id else {
            throw .accountTaken
        }
        if !subject.accounts.contains(account) {
            guard subject.accounts.count < Subject.accountCountMax else { throw .tooManyAccounts }
            state.accountOwners[account] = subject.id
            state.subjects[subject.id]?.accounts.append(account)
        }
        state.subjects[subject.id]?.controls.append(
            .init(account: account, span: state.clock..<end)
        )
    }
}
