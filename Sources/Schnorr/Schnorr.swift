// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CSecp256k1

/// Schnorr signatures over secp256k1, as nostr signs events: verification only.
///
/// Spec: BIP-340.
package enum Schnorr {
    /// Bytes in a signature.
    package static let signatureCount = 64
    /// Bytes in a public key, its x coordinate.
    package static let keyCount = 32

    /// Tells whether `signature` is this key's signature of exactly `message`.
    ///
    /// Signatures and keys of a wrong length are invalid, not errors.
    ///
    /// - Parameters:
    ///   - signature: 64 bytes.
    ///   - message: 32 bytes in nostr; any number here.
    ///   - key: 32 bytes.
    /// - Returns: Whether it is.
    package static func isValid(signature: [UInt8], of message: [UInt8], by key: [UInt8]) -> Bool {
        guard signature.count == signatureCount, key.count == keyCount,
            // The context for verification needs no secrets, and costs little to make.
            let context = unsafe secp256k1_context_create(UInt32(SECP256K1_CONTEXT_VERIFY))
        else { return false }
        defer { unsafe secp256k1_context_destroy(context) }
        var parsed = secp256k1_xonly_pubkey()
        guard unsafe secp256k1_xonly_pubkey_parse(context, &parsed, key) == 1 else { return false }
        let status = unsafe secp256k1_schnorrsig_verify(
            context,
            signature,
            message,
            message.count,
            &parsed
        )
        return status == 1
    }
}
