// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension CharterStatement: RegistryStatement {
    package static var isJoint: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.1.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        guard RegistryState.context(of: self.origin) == state.context else { throw .otherRegistry }
        guard self.number == (state.charter?.number ?? 0) + 1 else { throw .wrongCharterNumber }
        if state.charter != nil { try state.requireTimely(self.head) }
        for asked in [state.charter, self].compactMap({ $0 }) {
            let signed = asked.root.filter { entry.isSigned(by: RegistryKey(bytes: $0.key)) }
            guard asked.rootQuorum.isMet(by: signed.map(\.constituency)) else { throw .noQuorum }
        }
        if state.charter == nil { state.clock = self.head.date }
        state.charters.append((since: state.clock, charter: self))
        state.council = self.seats.map {
            (key: RegistryKey(bytes: $0.key), constituency: $0.constituency)
        }
    }
}
