// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// A trustee asks for more time before a release.
///
/// Signed by the trustee's signing key.
///
/// Spec: `docs/spec/switch.md`, section 3.8.
package struct Delay: TrusteeStatement {
    package static let type = "switch-delay"
    package static let version: Int64 = 1

    /// The longest delay that one trustee can ask for.
    package static let secondsMax: Int64 = 72 * 3600

    /// Switch and epoch.
    package let epoch: SwitchEpoch
    /// Who asks.
    package let trustee: TrusteeNumber
    /// How much longer, 1 s...72 h.
    package let seconds: Int64
    /// When the stay in PENDING began that it is about: it counts in no other one.
    package let pendingSince: Int64

    /// Makes a delay.
    package init(
        epoch: SwitchEpoch,
        trustee: TrusteeNumber,
        seconds: Int64,
        pendingSince: Int64
    ) {
        self.pendingSince = pendingSince
        self.epoch = epoch
        self.trustee = trustee
        self.seconds = seconds
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        epoch = try SwitchEpoch(fields: &fields)
        trustee = try TrusteeNumber(fields: &fields)
        seconds = try fields.integer("seconds", in: 1...Self.secondsMax)
        pendingSince = try fields.time("pendingSince")
    }

    package var json: JSONValue {
        epoch.json(adding: [
            "trustee": .integer(Int64(trustee.value)), "seconds": .integer(seconds),
            "pendingSince": .integer(pendingSince),
        ])
    }
}
