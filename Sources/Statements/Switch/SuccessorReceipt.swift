// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// A successor has something that an arming names.
///
/// Signed by one of the receipt keys of the arming.
///
/// Spec: `docs/spec/switch.md`, section 3.18.
package struct SuccessorReceipt: EpochStatement {
    package static let type = "switch-receipt"
    package static let version: Int64 = 1

    /// What was received.
    package enum Matter: String, CaseIterable, Sendable {
        /// The escrow file, still locked: the successor knows of the switch and is ready.
        case escrow
        /// What was in it, after a release.
        case delivery = "case"
    }

    /// Switch and epoch.
    package let epoch: SwitchEpoch
    /// What was received.
    package let matter: Matter
    /// SHA-256 of the escrow file.
    package let escrowDigest: [UInt8]

    /// Makes a receipt.
    package init(epoch: SwitchEpoch, matter: Matter, escrowDigest: [UInt8]) {
        self.epoch = epoch
        self.matter = matter
        self.escrowDigest = escrowDigest
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        epoch = try SwitchEpoch(fields: &fields)
        matter = try fields.word("received")
        escrowDigest = try fields.hex("escrowDigest", count: 32)
    }

    package var json: JSONValue {
        epoch.json(adding: [
            "received": .string(matter.rawValue),
            "escrowDigest": .string(Hex.encode(escrowDigest)),
        ])
    }
}
