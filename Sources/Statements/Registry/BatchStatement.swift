// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// The operator's word that a day has come: what follows in the log was appended on it.
///
/// Spec: `docs/spec/registry.md`, section 3.2.
package struct BatchStatement: Statement {
    package static let type = "registry-batch"
    package static let version: Int64 = 1

    /// Which registry, and which day.
    package let head: RegistryHead

    package init(head: RegistryHead) {
        self.head = head
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
    }

    package var json: JSONValue { head.with([:]) }
}
