// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// A member of a subject's panel read what the account published, and concurs.
///
/// Only numbers of posts are told: which ones, and by whom, stays with the member.
///
/// Spec: `docs/spec/sortition.md`, sections 5 and 7.
package struct ConcurStatement: SealableStatement {
    package static let type = "registry-concur"
    package static let version: Int64 = 1
    /// The name that stands for a constituency in the seal.
    package static let panelName = "panel"
    /// The most posts that a member reads.
    package static let postCountMax = 100

    /// Which registry, and which day.
    package let head: RegistryHead
    /// The subject, 32 bytes.
    package let subject: [UInt8]
    /// The quarter of the panel.
    package let epoch: RegistryEpoch
    /// Posts that were found sound.
    package let soundCount: Int
    /// Posts that were not; fewer than the sound ones.
    package let unsoundCount: Int
    /// What stands for the ring signature.
    package var seal: RingSeal?

    package init(
        head: RegistryHead,
        subject: [UInt8],
        epoch: RegistryEpoch,
        soundCount: Int,
        unsoundCount: Int,
        seal: RingSeal
    ) {
        precondition(
            0 <= unsoundCount && unsoundCount < soundCount && soundCount <= Self.postCountMax,
            "more sound posts than unsound ones"
        )
        self.head = head
        self.subject = subject
        self.epoch = epoch
        self.soundCount = soundCount
        self.unsoundCount = unsoundCount
        self.seal = seal
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        subject = try fields.hex("subject", count: 32)
        epoch = try fields.epoch("epoch")
        soundCount = Int(try fields.integer("sound", in: 1...Int64(Self.postCountMax)))
        unsoundCount = Int(try fields.integer("unsound", in: 0...Int64(soundCount - 1)))
        seal = try fields.seal("seal")
        guard seal?.constituency == Self.panelName, seal?.slot == nil else {
            throw .invalidValue(field: "seal")
        }
    }

    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "epoch": .string(epoch.name),
            "sound": .integer(Int64(soundCount)),
            "subject": .string(Hex.encode(subject)),
            "unsound": .integer(Int64(unsoundCount)),
        ]
        members["seal"] = seal?.json
        return head.with(members)
    }
}
