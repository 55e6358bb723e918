// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension RotateKeyStatement: RegistryStatement {
    package static var outlivesCharter: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.4.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let subject = try state.open(self.subject)
        let key = RegistryKey(bytes: self.key)
        guard key.id == subject.next else { throw .brokenPromise }
        guard entry.isSigned(by: key) else { throw .notSigned }
        state.subjects[subject.id]?.rotations.append(state.clock)
        // The owner was there after all.
        state.subjects[subject.id]?.recovery = nil
        state.subjects[subject.id]?.canary?.rotate(on: head.date, at: state.clock)
        state.subjects[subject.id]?.key = key
        state.subjects[subject.id]?.next = RegistryID(self.next)
    }
}
