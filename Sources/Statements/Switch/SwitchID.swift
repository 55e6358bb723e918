// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
package import Sodium

/// Names a switch: a hash of its owner key, which is made for this switch alone.
///
/// Whoever can sign for the switch is thereby fixed for ever; nobody can squat on an id.
///
/// Spec: `docs/spec/switch.md`, section 2.
package struct SwitchID: Hashable, Sendable {
    /// Bytes in an id.
    package static let byteCount = 32
    static let label = "resguardo/switch-id/v1\n"

    /// The 32 bytes.
    package let bytes: [UInt8]

    /// The id of the switch whose owner key is `owner`.
    package init(owner: Ed25519.PublicKey) {
        bytes = SHA256.hash(Array(Self.label.utf8) + owner.bytes)
    }

    /// Reads 64 lower-case hexadecimal digits; `nil` for anything else.
    package init?(_ text: String) {
        // Why a text is no id is of no interest: it names no switch.
        guard let bytes = try? Hex.decode(text), bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    init(checked bytes: [UInt8]) {
        precondition(bytes.count == Self.byteCount, "an id has 32 bytes")
        self.bytes = bytes
    }

    /// The id in hexadecimal.
    package var text: String { Hex.encode(bytes) }
}

/// One arming of a switch: a reshare makes the next epoch, with a new secret.
package struct SwitchEpoch: Hashable, Sendable {
    /// Which switch.
    package let id: SwitchID
    /// Which arming, from 1.
    package let number: Int64

    /// Names an epoch.
    package init(id: SwitchID, number: Int64) {
        precondition(number >= 1, "epochs are counted from 1")
        self.id = id
        self.number = number
    }

    init(fields: inout StatementFields) throws(StatementError) {
        id = SwitchID(checked: try fields.hex("switch", count: SwitchID.byteCount))
        number = try fields.integer("epoch", in: 1...JSONValue.integerMax)
    }

    /// The two members, with those that a statement adds.
    func json(adding members: [String: JSONValue]) -> JSONValue {
        var all = members
        all["switch"] = .string(id.text)
        all["epoch"] = .integer(number)
        return .object(all)
    }
}

extension StatementFields {
    /// Reads an Ed25519 public key in hexadecimal.
    ///
    /// - Throws: `.missingField`, `.wrongType`, `.invalidValue`.
    package mutating func publicKey(_ name: String) throws(StatementError) -> Ed25519.PublicKey {
        let bytes = try hex(name, count: Ed25519.keyCount)
        do {
            return try Ed25519.PublicKey(bytes)
        } catch {
            throw .invalidValue(field: locate(name))
        }
    }
}
