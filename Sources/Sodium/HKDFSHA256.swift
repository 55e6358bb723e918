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
        // PRK = HMAC-Hash(salt, IKM)
        var prk = SecretBytes(count: HMACSHA256.tagCount)
        unsafe prk.withUnsafeMutableBytes { prk in
            unsafe salt.withUnsafeBufferPointer { salt in
                var keyingMaterial = secret.reveal()
                let empty: UInt8 = 0
                if let key = salt.baseAddress {
                    unsafe HMACSHA256.mac(
                        keyingMaterial,
                        key: key,
                        keyCount: salt.count,
                        into: prk
                    )
                } else {
                    // A key of no bytes and one of 32 zero bytes are the same HMAC key.
                    unsafe withUnsafePointer(to: empty) { key in
                        unsafe HMACSHA256.mac(
                            keyingMaterial,
                            key: key,
                            keyCount: 0,
                            into: prk
                        )
                    }
                }
                wipe(&keyingMaterial)
            }
        }
        return expand(prk, info: info, count: count)
    }

    /// T(i) = HMAC-Hash(PRK, T(i-1) ‖ info ‖ i), concatenated and cut to `count`.
    private static func expand(
        _ prk: borrowing SecretBytes,
        info: [UInt8],
        count: Int
    ) -> SecretBytes {
        var output: [UInt8] = []
        output.reserveCapacity(count + HMACSHA256.tagCount)
        var block: [UInt8] = []
        var counter: UInt8 = 1
        while output.count < count {
            var message = block + info + [counter]
            wipe(&block)
            block = HMACSHA256.authenticate(message, key: prk)
            wipe(&message)
            output += block
            counter &+= 1
        }
        wipe(&block)
        let all = SecretBytes(wiping: &output)
        return all.slice(0..<count)
    }
}
