// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Sodium
internal import Statements
internal import Switch
internal import Vault

/// What a machine keeps that reminds an owner and holds nothing else of a switch.
///
/// Spec: `docs/spec/switch.md`, section 14.
final class SenderKeys: Sendable {
    /// The first byte of the kept secret.
    private static let kind: UInt8 = 33

    /// Signs what became of reminders.
    let signer: Ed25519.SecretKey
    /// Which switch, and where it is.
    let invitation: Envelope
    /// The same, read.
    let asked: SwitchInvitation

    private init(_ signer: consuming Ed25519.SecretKey, _ invitation: Envelope) throws {
        self.signer = signer
        self.invitation = invitation
        asked = try invitation.read(SwitchInvitation.self)
    }

    /// Those for the switch of an invitation: kept already, or made now.
    static func make(for invitation: Envelope, in home: Home) throws -> SenderKeys {
        if let known = try all(in: home).first(where: { $0.invitation == invitation }) {
            return known
        }
        let signer = Ed25519.SecretKey()
        var bytes = [kind] + signer.seed().reveal() + invitation.bytes
        try home.keep(SecretBytes(wiping: &bytes))
        return try SenderKeys(signer, invitation)
    }

    /// All that a home keeps, in the order of the switches' ids.
    static func all(in home: Home) throws -> [SenderKeys] {
        let start = 1 + Ed25519.keyCount
        return try home.kept { secret -> SenderKeys? in
            guard secret.count > start, secret.withBytes({ $0[0] }) == kind else { return nil }
            return try SenderKeys(
                Ed25519.SecretKey(seed: secret.slice(1..<start)),
                Envelope(canonical: secret.slice(start..<secret.count).reveal())
            )
        }.sorted { $0.asked.epoch.id.text < $1.asked.epoch.id.text }
    }
}

/// Whom a home reminds, a switch each: sealed as keys are.
enum KeptContacts {
    /// The first byte of the kept secret.
    private static let kind: UInt8 = 34
    private static let headCount = 1 + SwitchID.byteCount + 8

    /// Keeps contacts in place of older ones: kind ‖ switch ‖ number ‖ file.
    static func keep(_ file: [UInt8], of id: SwitchID, in home: Home) throws {
        let number = (try newest(of: id, in: home)?.number ?? 0) + 1
        var bytes = [kind] + id.bytes + number.bigEndianBytes + file
        try home.keep(SecretBytes(wiping: &bytes))
    }

    /// The contacts of a switch, if somebody is to be reminded from here.
    static func find(_ id: SwitchID, in home: Home) throws -> ReminderContacts? {
        try newest(of: id, in: home).map { try ReminderContacts(parsing: $0.file) }
    }

    private static func newest(
        of id: SwitchID,
        in home: Home
    ) throws -> (number: UInt64, file: [UInt8])? {
        try home.kept { secret -> (number: UInt64, file: [UInt8])? in
            guard secret.count > headCount, secret.withBytes({ $0[0] }) == kind,
                secret.slice(1..<(1 + SwitchID.byteCount)).reveal() == id.bytes
            else { return nil }
            let number = secret.slice((headCount - 8)..<headCount).reveal()
                .reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return (number, secret.slice(headCount..<secret.count).reveal())
        }.max { $0.number < $1.number }
    }
}
