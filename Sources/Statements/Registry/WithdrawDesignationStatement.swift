// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// The council takes a designation back before its end.
///
/// Spec: `docs/spec/registry.md`, section 3.8.
package struct WithdrawDesignationStatement: Statement {
    package static let type = "registry-withdraw-designation"
    package static let version: Int64 = 1

    /// Which registry, and which day.
    package let head: RegistryHead
    /// The network, 32 bytes.
    package let network: [UInt8]
    /// Why.
    package let reason: RegistryReason

    package init(head: RegistryHead, network: [UInt8], reason: RegistryReason) {
        self.head = head
        self.network = network
        self.reason = reason
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        network = try fields.hex("network", count: 32)
        reason = try fields.word("reason")
    }

    package var json: JSONValue {
        head.with([
            "network": .string(Hex.encode(network)),
            "reason": .string(reason.rawValue),
        ])
    }
}
