// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// What one trustee alone is told after an arming.
///
/// Signed by the owner key, right after the arming.
///
/// Spec: `docs/spec/switch.md`, section 3.15.
package struct Briefing: EpochStatement {
    package static let type = "switch-briefing"
    package static let version: Int64 = 1

    /// The longest age file.
    package static let sealedCountMax = 8192

    /// Switch and epoch.
    package let epoch: SwitchEpoch
    /// Who is told.
    package let trustee: TrusteeNumber
    /// ``BriefingContents``, an age file for the recipient that the trustee's acceptance names.
    package let sealed: [UInt8]

    /// Makes a briefing.
    package init(epoch: SwitchEpoch, trustee: TrusteeNumber, sealed: [UInt8]) {
        self.epoch = epoch
        self.trustee = trustee
        self.sealed = sealed
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        epoch = try SwitchEpoch(fields: &fields)
        trustee = try TrusteeNumber(fields: &fields)
        sealed = try fields.base64("sealed", countMax: Self.sealedCountMax)
    }

    package var json: JSONValue {
        epoch.json(adding: [
            "trustee": .integer(Int64(trustee.value)), "sealed": .string(Base64.encode(sealed)),
        ])
    }
}
