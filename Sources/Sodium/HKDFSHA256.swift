// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// HKDF with SHA-256 (RFC 5869).
///
/// libsodium 1.0.18 has the HMAC but not the HKDF.
package enum HKDFSHA256 {
    /// The longest output: 255 blocks of 32 bytes (RFC 5869, section 2.3).
    package static let outputCountMax = 255 * HMACSHA256.tagCount

    /// Extracts and expands.
    ///
    /// Spec: RFC 5869, section 2.
    ///
    /// - Parameters:
    ///   - secret: Input keying material (IKM), any length.
    ///   - salt: May be empty, which stands for 32 zero bytes.
    ///   - info: Context; part of the label under which the key is used.
    ///   - count: Bytes of output, 1...8_160.
    /// - Returns: Output keying material in guarded memory.
    package static func derive(
        secret: borrowing SecretBytes,
        salt: [UInt8],
        info: [UInt8],
        count: Int
    ) -> SecretBytes {
        precondition((1...outputCountMax).contains(count), "HKDF gives 1...8160 bytes")
        // PRK = HMAC-Hash(salt, IKM); an empty salt is the same HMAC key as 32 zero bytes.
        var extract = HMACSHA256(publicKey: salt)
        extract.update(secret)
        return expand(extract.finishSecret(), info: info, count: count)
    }

    /// T(i) = HMAC-Hash(PRK, T(i-1) ‖ info ‖ i), concatenated and cut to `count`.
    private static func expand(
        _ prk: borrowing SecretBytes,
        info: [UInt8],
        count: Int
    ) -> SecretBytes {
        var output = SecretBytes(count: count)
        var block = SecretBytes(count: 0)
        var offset = 0
        var counter: UInt8 = 1
        while offset < count {
            var mac = HMACSHA256(key: prk)
            mac.update(block)
            mac.update(info)
            mac.update([counter])
            block = mac.finishSecret()
            let partCount = min(HMACSHA256.tagCount, count - offset)
            unsafe output.withUnsafeMutableBytes { output in
                unsafe block.withUnsafeBytes { block in
                    unsafe (output + offset).update(from: block, count: partCount)
                }
            }
            offset += partCount
            counter &+= 1
        }
        return output
    }
}
