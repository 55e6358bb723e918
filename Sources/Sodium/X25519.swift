// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CSodium

/// X25519 key agreement (RFC 7748).
package enum X25519 {
    /// Bytes in a secret, a public key and a shared secret.
    package static let keyCount = 32

    /// The public key of a secret: X25519(secret, 9).
    ///
    /// - Throws: `.wrongLength` unless the secret has 32 bytes.
    package static func publicKey(of secret: borrowing SecretBytes) throws(SodiumError) -> [UInt8] {
        try requireCount(secret.count, keyCount)
        var point = [UInt8](repeating: 0, count: keyCount)
        unsafe secret.withUnsafeBytes { secret in
            _ = unsafe crypto_scalarmult_base(&point, secret)
        }
        return point
    }

    /// X25519(secret, point).
    ///
    /// Spec: RFC 7748, sections 5 and 6.1.
    ///
    /// - Returns: 32 bytes in guarded memory.
    /// - Throws: `.wrongLength`, or `.lowOrderPoint` when the result is all zero, which leaks
    ///   nothing of the secret but is no secret either.
    package static func sharedSecret(
        _ secret: borrowing SecretBytes,
        _ point: [UInt8]
    ) throws(SodiumError) -> SecretBytes {
        try requireCount(secret.count, keyCount)
        try requireCount(point.count, keyCount)
        var shared = SecretBytes(count: keyCount)
        let status = unsafe secret.withUnsafeBytes { secret in
            unsafe shared.withUnsafeMutableBytes { shared in
                unsafe crypto_scalarmult(shared, secret, point)
            }
        }
        guard status == 0 else { throw .lowOrderPoint }
        return shared
    }
}
