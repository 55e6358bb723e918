// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CSodium

/// Argon2id version 1.3 (RFC 9106), one lane: libsodium's form.
package enum Argon2id {
    /// Bytes in a salt.
    package static let saltCount = 16
    /// The most memory a file may ask of us; more would be a way to stop the machine.
    package static let memoryBytesMax = 4 << 30

    /// Derives a key from a passphrase.
    ///
    /// - Parameters:
    ///   - passphrase: Any bytes.
    ///   - salt: 16 bytes.
    ///   - memoryBytes: 8 KiB...4 GiB.
    ///   - passes: 1...1_024.
    ///   - count: Bytes of output, 16...1_024.
    /// - Returns: The key in guarded memory.
    /// - Throws: `.parameterOutOfRange`, `.wrongLength`, `.outOfMemory`.
    /// - Complexity: `memoryBytes` of memory, `memoryBytes × passes` of time.
    package static func derive(
        passphrase: borrowing SecretBytes,
        salt: [UInt8],
        memoryBytes: Int,
        passes: Int,
        count: Int
    ) throws(SodiumError) -> SecretBytes {
        try requireCount(salt.count, saltCount)
        guard (8192...memoryBytesMax).contains(memoryBytes), (1...1024).contains(passes),
            (16...1024).contains(count)
        else { throw .parameterOutOfRange }
        var key = SecretBytes(count: count)
        let status = unsafe passphrase.withUnsafeBytes { text in
            unsafe text.withMemoryRebound(to: CChar.self, capacity: passphrase.count) { text in
                unsafe key.withUnsafeMutableBytes { key in
                    unsafe crypto_pwhash_argon2id(
                        key,
                        UInt64(count),
                        text,
                        UInt64(passphrase.count),
                        salt,
                        UInt64(passes),
                        memoryBytes,
                        crypto_pwhash_argon2id_alg_argon2id13()
                    )
                }
            }
        }
        guard status == 0 else { throw .outOfMemory }
        return key
    }
}
