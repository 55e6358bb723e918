// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// What a member of a ring does against a subject without showing which member.
package enum SealedAct: String, Sendable, CaseIterable {
    /// Objects to its badge before the badge is there.
    case object
    /// Raises the alarm: enough members together suspend it for days.
    case suspend
}

/// An act of a member of a ring against a subject.
///
/// Spec: `docs/spec/registry.md`, section 3.12.
package struct SealedActStatement: SealableStatement {
    package static let type = "registry-sealed-act"
    package static let version: Int64 = 1

    /// Which registry, and which day.
    package let head: RegistryHead
    /// What is done.
    package let act: SealedAct
    /// The subject, 32 bytes.
    package let subject: [UInt8]
    /// The quarter of the ring.
    package let epoch: RegistryEpoch
    /// Why; `routine-review` hides a more telling one.
    package let reason: RegistryReason
    /// What stands for the ring signature.
    package var seal: RingSeal?

    package init(
        head: RegistryHead,
        act: SealedAct,
        subject: [UInt8],
        epoch: RegistryEpoch,
        reason: RegistryReason,
        seal: RingSeal
    ) {
        self.head = head
        self.act = act
        self.subject = subject
        self.epoch = epoch
        self.reason = reason
        self.seal = seal
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        act = try fields.word("act")
        subject = try fields.hex("subject", count: 32)
        epoch = try fields.epoch("epoch")
        reason = try fields.word("reason")
        seal = try fields.seal("seal")
    }

    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "act": .string(act.rawValue),
            "epoch": .string(epoch.name),
            "reason": .string(reason.rawValue),
            "subject": .string(Hex.encode(subject)),
        ]
        members["seal"] = seal?.json
        return head.with(members)
    }
}
