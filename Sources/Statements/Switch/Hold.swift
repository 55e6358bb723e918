// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// The owner announces an absence.
///
/// Signed by the owner key.
///
/// Spec: `docs/spec/switch.md`, section 3.7.
package struct Hold: Statement {
    package static let type = "switch-hold"
    package static let version: Int64 = 1

    /// Switch and epoch.
    package let epoch: SwitchEpoch
    /// When the absence ends.
    package let until: Int64

    /// Makes a hold.
    package init(epoch: SwitchEpoch, until: Int64) {
        self.epoch = epoch
        self.until = until
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        epoch = try SwitchEpoch(fields: &fields)
        until = try fields.time("until")
    }

    package var json: JSONValue { epoch.json(adding: ["until": .integer(until)]) }
}
