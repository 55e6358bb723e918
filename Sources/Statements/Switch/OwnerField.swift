// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import Sodium

/// A statement about an arming of a switch.
///
/// Spec: `docs/spec/switch.md`, section 3.
package protocol EpochStatement: Statement {
    /// Switch and epoch.
    var epoch: SwitchEpoch { get }
}

/// A statement that one trustee makes.
///
/// Spec: `docs/spec/switch.md`, section 3.
package protocol TrusteeStatement: EpochStatement {
    /// Who says it.
    var trustee: TrusteeNumber { get }
}

/// A statement of the owner's, with a field that says to trustees, and to nobody else, whether its
/// owner was free.
///
/// Spec: `docs/spec/switch.md`, section 3.5.
package protocol OwnerStatement: EpochStatement {
    /// The newest cosigned checkpoint that the owner had seen.
    var checkpoint: String { get }
    /// `HMAC-SHA-256(token, payload without the field)`.
    var field: [UInt8] { get }
}

extension OwnerStatement {
    /// Whether the field was computed with this token.
    package func isMade(with token: borrowing SecretBytes) -> Bool {
        let expected = SecretBytes(copying: OwnerField.tag(self, token: token))
        return expected.constantTimeEquals(SecretBytes(copying: field))
    }
}

/// How the field of an owner's statement is computed.
enum OwnerField {
    static let name = "field"
    /// Bytes in it.
    static let count = 32
    /// What stands there until it is computed.
    static let none = [UInt8](repeating: 0, count: count)

    /// The field: over the payload without it, so that one of a check-in is none of a revocation.
    static func tag<S: Statement>(_ statement: S, token: borrowing SecretBytes) -> [UInt8] {
        var members = statement.json.object ?? [:]
        members[name] = nil
        members["type"] = .string(S.type)
        members["v"] = .integer(S.version)
        return HMACSHA256.authenticate(JSONValue.object(members).canonicalBytes, key: token)
    }
}
