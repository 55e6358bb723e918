// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// A trustee's share in clear, with the proof that it is the one that was dealt.
///
/// Signed by the
/// trustee's signing key; the proof alone decides whether it counts.
///
/// Spec: `docs/spec/switch.md`, section 3.11; `docs/spec/escrow.md`.
package struct PublishedShare: TrusteeStatement {
    package static let type = "switch-share"
    package static let version: Int64 = 1

    /// The longest share with its proof.
    package static let shareCountMax = 512

    /// Switch and epoch.
    package let epoch: SwitchEpoch
    /// Whose share.
    package let trustee: TrusteeNumber
    /// Share and proof in the escrow's encoding.
    package let share: [UInt8]

    /// Makes a share statement.
    package init(epoch: SwitchEpoch, trustee: TrusteeNumber, share: [UInt8]) {
        self.epoch = epoch
        self.trustee = trustee
        self.share = share
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        epoch = try SwitchEpoch(fields: &fields)
        trustee = try TrusteeNumber(fields: &fields)
        share = try fields.base64("share", countMax: Self.shareCountMax)
    }

    package var json: JSONValue {
        epoch.json(adding: [
            "trustee": .integer(Int64(trustee.value)), "share": .string(Base64.encode(share)),
        ])
    }
}
