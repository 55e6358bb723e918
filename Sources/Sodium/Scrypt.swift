// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CSodium

/// scrypt (RFC 7914), as age uses it.
package enum Scrypt {
    /// The most memory a file may ask of us; more would be a way to stop the machine.
    package static let memoryBytesMax: UInt64 = 4 << 30

    /// Derives a key from a passphrase.
    ///
    /// - Parameters:
    ///   - passphrase: Any bytes.
    ///   - salt: Any length.
    ///   - log2N: Work factor, N = 2^log2N; 1...30. Memory is 128 · N · r bytes, at most
    ///     ``memoryBytesMax``.
    ///   - r: Block size factor, 1...1_024.
    ///   - p: Parallelism, 1...1_024.
    ///   - count: Bytes of output, 1...1_024.
    /// - Returns: The key in guarded memory.
    /// - Throws: `.parameterOutOfRange`, `.outOfMemory`.
    package static func derive(
        passphrase: borrowing SecretBytes,
        salt: [UInt8],
        log2N: Int,
        r: UInt32 = 8,
        p: UInt32 = 1,
        count: Int = 32
    ) throws(SodiumError) -> SecretBytes {
        guard (1...30).contains(log2N), (1...1024).contains(count), (1...1024).contains(r),
            (1...1024).contains(p),
            128 * UInt64(r) * (UInt64(1) << UInt64(log2N)) <= memoryBytesMax
        else { throw .parameterOutOfRange }
        var key = SecretBytes(count: count)
        let status = unsafe passphrase.withUnsafeBytes { text in
            unsafe key.withUnsafeMutableBytes { key in
                unsafe crypto_pwhash_scryptsalsa208sha256_ll(
                    text,
                    passphrase.count,
                    salt,
                    salt.count,
                    UInt64(1) << UInt64(log2N),
                    r,
                    p,
                    key,
                    count
                )
            }
        }
        guard status == 0 else { throw .outOfMemory }
        return key
    }
}
