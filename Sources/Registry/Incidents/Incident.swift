// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

/// An incident that was shared, as far as everybody knows of it.
package struct Incident: Sendable {
    /// Digest of the statement.
    package let id: RegistryID
    /// What was said.
    package let statement: IncidentStatement
    /// The day on which it came, seconds since 1970.
    package let since: Int64
}

extension IncidentStatement: RegistryStatement {
    package static var countsOnce: Bool { true }

    /// Spec: `docs/spec/incidents.md`, section 2.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        guard until > state.clock else { throw .wrongDate }
        guard entry.isSigned(by: RegistryKey(bytes: key)) else { throw .notSigned }
        state.incidents.append(Incident(id: entry.digest, statement: self, since: state.clock))
    }
}
