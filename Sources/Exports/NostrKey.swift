// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CSecp256k1
internal import Sodium

/// A secret key that signs nostr events.
///
/// Spec: BIP-340, Schnorr signatures for secp256k1, by libsecp256k1.
package struct NostrKey: ~Copyable, Sendable {
    /// The public key: the 32-byte x coordinate.
    package let publicKey: [UInt8]
    private let scalar: SecretBytes

    /// The key of a number, or `nil` where it is none.
    init?(scalar: borrowing SecretBytes) {
        let publicKey = unsafe Secp256k1.withKeypair(scalar) { context, pair in
            var point = secp256k1_xonly_pubkey()
            var bytes = [UInt8](repeating: 0, count: 32)
            guard unsafe secp256k1_keypair_xonly_pub(context, &point, nil, pair) == 1,
                unsafe secp256k1_xonly_pubkey_serialize(context, &bytes, &point) == 1
            else { return [UInt8]?.none }
            return bytes
        }
        guard let publicKey else { return nil }
        self.publicKey = publicKey
        self.scalar = scalar.copy()
    }

    /// Signs the 32 bytes of an event's id.
    ///
    /// - Returns: 64 bytes, others each time: fresh randomness is mixed in.
    func sign(_ id: [UInt8]) -> [UInt8] {
        precondition(id.count == 32, "the id of an event has 32 bytes")
        let random = randomBytes(32)
        let signature = unsafe Secp256k1.withKeypair(scalar) { context, pair in
            var signature = [UInt8](repeating: 0, count: 64)
            let isSigned =
                unsafe secp256k1_schnorrsig_sign32(context, &signature, id, pair, random) == 1
            return isSigned ? signature : nil
        }
        guard let signature else { preconditionFailure("a valid key signs anything") }
        return signature
    }
}

/// What libsecp256k1 wants around each call.
private enum Secp256k1 {
    typealias Context = OpaquePointer

    private static func withContext<R>(_ body: (Context) -> R) -> R {
        guard let context = unsafe secp256k1_context_create(UInt32(SECP256K1_CONTEXT_NONE)) else {
            preconditionFailure("no memory for a context")
        }
        defer { unsafe secp256k1_context_destroy(context) }
        return unsafe body(context)
    }

    /// Lends the pair of a secret number, wiped afterwards; `nil` if the number is none.
    static func withKeypair<R>(
        _ scalar: borrowing SecretBytes,
        _ body: (Context, UnsafePointer<secp256k1_keypair>) -> R?
    ) -> R? {
        unsafe withContext { context in
            // Blinds the secret against what can be measured from outside.
            _ = unsafe secp256k1_context_randomize(context, randomBytes(32))
            var pair = SecretBytes(count: MemoryLayout<secp256k1_keypair>.size)
            return unsafe pair.withUnsafeMutableBytes { memory in
                let memory = UnsafeMutableRawPointer(memory)
                let typed = unsafe memory.bindMemory(to: secp256k1_keypair.self, capacity: 1)
                let isValid = unsafe scalar.withUnsafeBytes { secret in
                    unsafe secp256k1_keypair_create(context, typed, secret) == 1
                }
                return isValid ? unsafe body(context, UnsafePointer(typed)) : nil
            }
        }
    }
}
