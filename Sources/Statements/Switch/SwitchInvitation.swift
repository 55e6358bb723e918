// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
package import Sodium

/// What an owner asks of people before a switch exists: to hold a share of it.
///
/// Signed by the owner key. It is handed over in person; it is no entry of a log.
///
/// Spec: `docs/spec/switch.md`, section 3.1.
package struct SwitchInvitation: Statement {
    package static let type = "switch-invitation"
    package static let version: Int64 = 1

    /// Switch and epoch.
    package let epoch: SwitchEpoch
    /// The owner key of this switch; its hash is the id.
    package let owner: Ed25519.PublicKey
    /// How long the owner intends to be silent at most.
    package let profile: SwitchProfile
    /// Origins of the logs that will carry the switch.
    package let origins: [String]
    /// When it was written, by the owner's clock.
    package let time: Int64

    /// The most logs of one switch.
    package static let originCountMax = 8

    /// Makes an invitation.
    package init(
        epoch: Int64,
        owner: Ed25519.PublicKey,
        profile: SwitchProfile,
        origins: [String],
        time: Int64
    ) {
        self.epoch = SwitchEpoch(id: SwitchID(owner: owner), number: epoch)
        self.owner = owner
        self.profile = profile
        self.origins = origins
        self.time = time
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        epoch = try SwitchEpoch(fields: &fields)
        owner = try fields.publicKey("owner")
        profile = try fields.word("profile")
        origins = try fields.strings("logs", count: 1...Self.originCountMax)
        time = try fields.time("time")
        guard SwitchID(owner: owner) == epoch.id else { throw .invalidValue(field: "switch") }
    }

    package var json: JSONValue {
        epoch.json(adding: [
            "owner": .string(Hex.encode(owner.bytes)), "profile": .string(profile.rawValue),
            "logs": .array(origins.map { .string($0) }), "time": .integer(time),
        ])
    }
}
