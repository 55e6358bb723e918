// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// A trustee will publish a share unless something comes up.
///
/// Signed by the trustee's signing key.
///
/// Spec: `docs/spec/switch.md`, section 3.10.
package struct ReleaseIntent: TrusteeStatement {
    package static let type = "switch-intent"
    package static let version: Int64 = 1

    /// Switch and epoch.
    package let epoch: SwitchEpoch
    /// Who intends to.
    package let trustee: TrusteeNumber
    /// When the release that is meant began: an intent of an earlier one, called off, counts
    /// nothing.
    package let releasingSince: Int64

    /// Makes an intent.
    package init(epoch: SwitchEpoch, trustee: TrusteeNumber, releasingSince: Int64) {
        self.epoch = epoch
        self.trustee = trustee
        self.releasingSince = releasingSince
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        epoch = try SwitchEpoch(fields: &fields)
        trustee = try TrusteeNumber(fields: &fields)
        releasingSince = try fields.time("releasingSince")
    }

    package var json: JSONValue {
        epoch.json(adding: [
            "trustee": .integer(Int64(trustee.value)), "releasingSince": .integer(releasingSince),
        ])
    }
}
