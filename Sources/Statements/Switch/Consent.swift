// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// A trustee has spoken with the owner and agrees to a revocation or to a new epoch.
///
/// Signed by the trustee's signing key.
///
/// Spec: `docs/spec/switch.md`, section 3.9.
package struct Consent: TrusteeStatement {
    package static let type = "switch-consent"
    package static let version: Int64 = 1

    /// Switch and epoch.
    package let epoch: SwitchEpoch
    /// Who agrees.
    package let trustee: TrusteeNumber
    /// SHA-256 of the payload of the revocation, or of the later arming.
    package let request: [UInt8]

    /// Makes a consent.
    package init(epoch: SwitchEpoch, trustee: TrusteeNumber, request: [UInt8]) {
        self.epoch = epoch
        self.trustee = trustee
        self.request = request
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        epoch = try SwitchEpoch(fields: &fields)
        trustee = try TrusteeNumber(fields: &fields)
        request = try fields.hex("request", count: 32)
    }

    package var json: JSONValue {
        epoch.json(adding: [
            "trustee": .integer(Int64(trustee.value)),
            "request": .string(Hex.encode(request)),
        ])
    }
}
