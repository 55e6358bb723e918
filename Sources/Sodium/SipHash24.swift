// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CSodium

/// SipHash-2-4 under a key that everybody knows: it spreads, and hides nothing.
///
/// Spec: Aumasson and Bernstein, SipHash: a fast short-input PRF.
package struct SipHash24: Sendable {
    /// Bytes in a key.
    package static let keyCount = 16

    private let key: [UInt8]

    /// Hashes under a key.
    ///
    /// - Throws: `.wrongLength` unless it has 16 bytes.
    package init(key: [UInt8]) throws(SodiumError) {
        try requireCount(key.count, Self.keyCount)
        self.key = key
    }

    /// The hash, read little-endian as its authors do.
    package func hash(_ bytes: [UInt8]) -> UInt64 {
        var digest: UInt64 = 0
        unsafe withUnsafeMutableBytes(of: &digest) { output in
            guard let address = output.baseAddress else { return }
            let typed = unsafe address.assumingMemoryBound(to: UInt8.self)
            _ = unsafe crypto_shorthash(typed, bytes, UInt64(bytes.count), key)
        }
        return UInt64(littleEndian: digest)
    }
}
