// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

extension BatchStatement: RegistryStatement {
    /// Spec: `docs/spec/registry.md`, section 3.2.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        guard head.date >= state.clock else { throw .wrongDate }
        guard entry.isSigned(by: RegistryKey(bytes: charter.operatorKey)) else {
            throw .notSigned
        }
        state.clock = head.date
    }
}
