// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// How control of an account was shown.
package enum ControlMethod: String, Sendable, CaseIterable {
    /// The subject posted the code.
    case postedCode = "posted-code"
    /// The subject put the code into the profile.
    case profileCode = "profile-code"
}

/// A subject controls an account: the log sees a commitment only.
///
/// Signed by the subject, and by verifiers who opened the account themselves and saw the code.
///
/// Spec: `docs/spec/registry.md`, section 3.5.
package struct ProveControlStatement: Statement {
    package static let type = "registry-prove-control"
    package static let version: Int64 = 1

    /// Which registry, and which day.
    package let head: RegistryHead
    /// The subject, 32 bytes.
    package let subject: [UInt8]
    /// The salted digest of the account, 32 bytes.
    package let account: [UInt8]
    /// What the observers saw.
    package let method: ControlMethod

    package init(
        head: RegistryHead,
        subject: [UInt8],
        account: [UInt8],
        method: ControlMethod
    ) {
        self.head = head
        self.subject = subject
        self.account = account
        self.method = method
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        subject = try fields.hex("subject", count: 32)
        account = try fields.hex("account", count: 32)
        method = try fields.word("method")
    }

    package var json: JSONValue {
        head.with([
            "account": .string(Hex.encode(account)),
            "method": .string(method.rawValue),
            "subject": .string(Hex.encode(subject)),
        ])
    }
}
