// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// How a vouch shows who made it.
package enum VouchMode: String, Sendable, CaseIterable {
    /// The organisation signs with its public key.
    case named = "named/v1"
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
package struct VouchStatement: Statement {
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
    /// How it shows who vouches.
    package let mode: VouchMode
    /// Who vouches: SHA-256 of the organisation's key, which signs.
    package let verifier: [UInt8]

    package init(
        head: RegistryHead,
        subject: [UInt8],
        accounts: [[UInt8]],
        epoch: RegistryEpoch,
        mode: VouchMode,
        verifier: [UInt8]
    ) {
        self.head = head
        self.verifier = verifier
        self.subject = subject
        self.accounts = accounts
        self.epoch = epoch
        self.mode = mode
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        head = try RegistryHead(fields: &fields)
        subject = try fields.hex("subject", count: 32)
        accounts = try fields.digests("accounts", count: 1...Self.accountCountMax)
        guard let epoch = RegistryEpoch(name: try fields.string("epoch", countMax: 8)) else {
            throw .invalidValue(field: "epoch")
        }
        self.epoch = epoch
        mode = try fields.word("mode")
        verifier = try fields.hex("verifier", count: 32)
        let _: Consideration = try fields.word("consideration")
    }

    package var json: JSONValue {
        head.with([
            "accounts": .array(accounts.map { .string(Hex.encode($0)) }),
            "consideration": .string(Consideration.none.rawValue),
            "epoch": .string(epoch.name),
            "mode": .string(mode.rawValue),
            "subject": .string(Hex.encode(subject)),
            "verifier": .string(Hex.encode(verifier)),
        ])
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
