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
    /// Where the logs are, and what opens them; nil where people trade through a directory.
    package let access: Access?

    /// How to reach the logs of a switch on nodes.
    package struct Access: Equatable, Sendable {
        /// Logs with their URLs, and witnesses: a C2SP tlog-policy.
        package let policy: String
        /// 32 bytes without which a node shows nothing of the switch.
        package let capability: [UInt8]

        /// Puts both together.
        package init(policy: String, capability: [UInt8]) {
            self.policy = policy
            self.capability = capability
        }
    }

    /// The most logs of one switch.
    package static let originCountMax = 8

    /// Makes an invitation.
    package init(
        epoch: Int64,
        owner: Ed25519.PublicKey,
        profile: SwitchProfile,
        origins: [String],
        time: Int64,
        access: Access? = nil
    ) {
        self.epoch = SwitchEpoch(id: SwitchID(owner: owner), number: epoch)
        self.owner = owner
        self.profile = profile
        self.origins = origins
        self.time = time
        self.access = access
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        epoch = try SwitchEpoch(fields: &fields)
        owner = try fields.publicKey("owner")
        profile = try fields.word("profile")
        origins = try fields.strings("logs", count: 1...Self.originCountMax)
        time = try fields.time("time")
        if fields.has("capability") {
            access = Access(
                policy: try fields.string("policy", countMax: SwitchArming.policyCountMax),
                capability: try fields.hex("capability", count: 32)
            )
        } else {
            access = nil
        }
        guard SwitchID(owner: owner) == epoch.id else { throw .invalidValue(field: "switch") }
    }

    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "owner": .string(Hex.encode(owner.bytes)), "profile": .string(profile.rawValue),
            "logs": .array(origins.map { .string($0) }), "time": .integer(time),
        ]
        if let access {
            members["policy"] = .string(access.policy)
            members["capability"] = .string(Hex.encode(access.capability))
        }
        return epoch.json(adding: members)
    }
}
