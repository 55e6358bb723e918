// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Sodium
internal import Statements
internal import Switch
internal import Vault

/// The badge of a switch, kept from its arming until the owner shows it.
enum KeptBadge {
    /// The first byte of the kept secret.
    private static let kind: UInt8 = 35
    private static let headCount = 1 + SwitchID.byteCount + 8

    /// Keeps one: kind ‖ switch ‖ epoch ‖ badge.
    static func keep(_ badge: Envelope, of epoch: SwitchEpoch, in home: Home) throws {
        var bytes = [kind] + epoch.id.bytes + UInt64(epoch.number).bigEndianBytes + badge.bytes
        try home.keep(SecretBytes(wiping: &bytes))
    }

    /// The badge of an epoch; the last one that was dealt, if arming was begun again.
    static func all(of epoch: SwitchEpoch, in home: Home) throws -> [Envelope] {
        let head = [kind] + epoch.id.bytes + UInt64(epoch.number).bigEndianBytes
        return try home.kept { secret in
            guard secret.count > headCount, secret.slice(0..<headCount).reveal() == head else {
                return nil
            }
            return try Envelope(canonical: secret.slice(headCount..<secret.count).reveal())
        }
    }
}
