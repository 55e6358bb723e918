// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension RegisterStatement: RegistryStatement {
    /// Spec: `docs/spec/registry.md`, section 3.4.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let id = RegistryID(self.subject)
        guard state.subjects[id] == nil else { throw .subjectExists }
        let key = RegistryKey(bytes: self.key)
        guard entry.isSigned(by: key) else { throw .notSigned }
        state.subjects[id] = Subject(
            id: id,
            key: key,
            next: RegistryID(self.next),
            registeredAt: state.clock
        )
    }
}
