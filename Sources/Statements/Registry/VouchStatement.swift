// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// How a vouch shows who made it.
package enum VouchMode: String, Sendable, CaseIterable {
    /// The organisation signs with its public key.
    case named = "named/v1"
    /// A member of a ring signs, and nobody sees which.
    case sealed = "sealed/v1"
}

/// What a verifier got for vouching.
///
/// Any other word is refused.
package enum Consideration: String, Sendable, CaseIterable {
    case none
}

/// An organisation's word that the accounts of a subject are those of a real reporter.
///
/// Spec: `docs/spec/registry.md`, section 3.6.
package struct VouchStatement: SealableStatement {
    package static let type = "registry-vouch"
    package static let version: Int64 = 1
    /// The most accounts that one vouch covers.
    package static let accountCountMax = 8

    /// Which registry, and which day.
    package let head: RegistryHead
    /// The subject, 32 bytes.
    package let subject: [UInt8]
    /// Commitments of the accounts that the verifier knows, ascending.
    package let accounts: [[UInt8]]
    /// The quarter for which it vouches; it counts in no other.
    package let epoch: RegistryEpoch
    /// Who vouches in the open: SHA-256 of the organisation's key, which signs.
    package let verifier: [UInt8]?
    /// What stands for the ring signature: of a whole ring, or of a ring of one in the open.
    package var seal: RingSeal?

    /// A vouch in the open, by `verifier`, or a sealed one.
    package init(
        head: RegistryHead,
        subject: [UInt8],
        accounts: [[UInt8]],
        epoch: RegistryEpoch,
        verifier: [UInt8]? = nil,
        seal: RingSeal? = nil
    ) {
        precondition(verifier != nil || seal != nil, "somebody vouches")
        self.head = head
        self.verifier = verifier
        self.subject = subject
        self.accounts = accounts
        self.epoch = epoch
        self.seal = seal
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        subject = try fields.hex("subject", count: 32)
        accounts = try fields.digests("accounts", count: 1...Self.accountCountMax)
        epoch = try fields.epoch("epoch")
        switch try fields.word("mode", VouchMode.self) {
        case .named:
            verifier = try fields.hex("verifier", count: 32)
            seal = fields.has("seal") ? try fields.seal("seal") : nil
        case .sealed:
            verifier = nil
            seal = try fields.seal("seal")
        }
        let _: Consideration = try fields.word("consideration")
    }

    /// How it shows who vouches.
    package var mode: VouchMode { verifier == nil ? .sealed : .named }

    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "accounts": .array(accounts.map { .string(Hex.encode($0)) }),
            "consideration": .string(Consideration.none.rawValue),
            "epoch": .string(epoch.name),
            "mode": .string(mode.rawValue),
            "subject": .string(Hex.encode(subject)),
        ]
        if let verifier { members["verifier"] = .string(Hex.encode(verifier)) }
        if let seal { members["seal"] = seal.json }
        return head.with(members)
    }
}

/// A verifier takes its vouch back.
///
/// Spec: `docs/spec/registry.md`, section 3.6.
package struct WithdrawVouchStatement: Statement {
    package static let type = "registry-withdraw-vouch"
    package static let version: Int64 = 1

    /// Which registry, and which day.
    package let head: RegistryHead
    /// The subject, 32 bytes.
    package let subject: [UInt8]
    /// SHA-256 of the vouch's log entry.
    package let vouch: [UInt8]

    package init(head: RegistryHead, subject: [UInt8], vouch: [UInt8]) {
        self.head = head
        self.subject = subject
        self.vouch = vouch
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        subject = try fields.hex("subject", count: 32)
        vouch = try fields.hex("vouch", count: 32)
    }

    package var json: JSONValue {
        head.with([
            "subject": .string(Hex.encode(subject)),
            "vouch": .string(Hex.encode(vouch)),
        ])
    }
}
