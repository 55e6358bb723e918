// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension BatchStatement: RegistryStatement {
    package static var outlivesCharter: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 3.2.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        guard head.date >= state.clock else { throw .wrongDate }
        // That of the day which it opens, so that a new operator can follow a silent one.
        let key = (state.charter(at: head.date) ?? charter).operatorKey
        guard entry.isSigned(by: RegistryKey(bytes: key)) else {
            throw .notSigned
        }
        state.advance(to: head.date)
    }
}
