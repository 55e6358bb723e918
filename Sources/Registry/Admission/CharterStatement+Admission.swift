// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension CharterStatement: RegistryStatement {
    package static var isJoint: Bool { true }
    package static var outlivesCharter: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.1.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        guard RegistryState.context(of: self.origin) == state.context else { throw .otherRegistry }
        guard self.number == (state.charters.last?.charter.number ?? 0) + 1 else {
            throw .wrongCharterNumber
        }
        // The one before, in force already or not.
        let before = state.charters.last?.charter
        if before != nil { try state.requireTimely(self.head) }
        guard self.until > state.clock else { throw .expiredCharter }
        for asked in [before, self].compactMap({ $0 }) {
            let signed = asked.root.filter { entry.isSigned(by: RegistryKey(bytes: $0.key)) }
            guard asked.rootQuorum.isMet(by: signed.map(\.constituency)) else { throw .noQuorum }
        }
        if before == nil { state.clock = self.head.date }
        // Everybody sees it before it holds.
        let days = before?.limits[.charterDelayDays] ?? 0
        let since = max(
            state.clock + Int64(days) * RegistryState.day,
            state.charters.last?.since ?? 0
        )
        state.charters.append((since: since, charter: self))
        state.councils.append(
            self.seats.map { (RegistryKey(bytes: $0.key), $0.constituency) }
        )
        // Without a delay no other day comes on which it would be in force.
        if before != nil, since <= state.clock { state.convenePanels(self) }
    }
}
