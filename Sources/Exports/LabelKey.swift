// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Crypto
internal import Sodium

/// A secret key that signs labels: ECDSA over P-256 with SHA-256.
///
/// Spec: atproto.com, Cryptography: 64 bytes, r and s, of which s is the lower of the two possible.
package struct LabelKey: ~Copyable, Sendable {
    /// The order n of the group of P-256 (SP 800-186, section 3.2.1.3), big-endian.
    private static let order: [UInt8] = [
        0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63,
        0x25, 0x51,
    ]

    private let key: P256.Signing.PrivateKey

    /// The key of a number, or `nil` where it is none.
    init?(scalar: borrowing SecretBytes) {
        var bytes = scalar.reveal()
        defer { wipe(&bytes) }
        let parsed = try? P256.Signing.PrivateKey(rawRepresentation: bytes)
        guard let parsed else { return nil }
        key = parsed
    }

    /// The key's name, `did:key:z…`.
    package var did: String { DIDKey.p256(Array(key.publicKey.compressedRepresentation)) }

    /// Signs a message.
    ///
    /// - Returns: r and s, 32 bytes each, s at most half of the order.
    func sign(_ message: [UInt8]) -> [UInt8] {
        guard let signature = try? key.signature(for: message) else {
            preconditionFailure("a valid key signs anything")
        }
        let bytes = Array(signature.rawRepresentation)
        return Array(bytes[..<32]) + Self.lower(Array(bytes[32...]))
    }

    /// The lower one of s and n − s; both are public.
    private static func lower(_ s: [UInt8]) -> [UInt8] {
        var other = s
        var borrow = 0
        for index in order.indices.reversed() {
            let difference = Int(order[index]) - Int(s[index]) - borrow
            other[index] = UInt8(truncatingIfNeeded: difference)
            borrow = difference < 0 ? 1 : 0
        }
        return other.lexicographicallyPrecedes(s) ? other : s
    }
}
