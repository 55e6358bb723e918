// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// A trustee has spoken with the owner and agrees to a revocation.
///
/// Signed by the trustee's signing key.
///
/// Spec: `docs/spec/switch.md`, section 3.9.
package struct Consent: Statement {
    package static let type = "switch-consent"
    package static let version: Int64 = 1

    /// Switch and epoch.
    package let epoch: SwitchEpoch
    /// Who agrees.
    package let trustee: TrusteeNumber
    /// SHA-256 of the revocation's payload.
    package let revocation: [UInt8]

    /// Makes a consent.
    package init(epoch: SwitchEpoch, trustee: TrusteeNumber, revocation: [UInt8]) {
        self.epoch = epoch
        self.trustee = trustee
        self.revocation = revocation
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        epoch = try SwitchEpoch(fields: &fields)
        trustee = try TrusteeNumber(fields: &fields)
        revocation = try fields.hex("revocation", count: 32)
    }

    package var json: JSONValue {
        epoch.json(adding: [
            "trustee": .integer(Int64(trustee.value)),
            "revocation": .string(Hex.encode(revocation)),
        ])
    }
}
