// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto

/// SHA-256 (FIPS 180-4) by OpenSSL, the fastest here: twice libsodium's speed on processors without
/// SHA instructions.
package struct SHA256: ~Copyable {
    /// Bytes in a digest.
    package static let digestCount = 32

    private var state = resguardo_sha256()

    /// Starts a digest.
    package init() {
        unsafe resguardo_sha256_init(&state)
    }

    /// Adds bytes to the digest.
    package mutating func update(_ bytes: [UInt8]) {
        unsafe resguardo_sha256_update(&state, bytes, bytes.count)
    }

    /// The digest of what `body` hands over, piece by piece.
    ///
    /// - Throws: What `body` throws.
    package static func hash(
        _ body: (_ update: ([UInt8]) -> Void) throws -> Void
    ) rethrows -> [UInt8] {
        var hasher = SHA256()
        try body { hasher.update($0) }
        return hasher.finish()
    }

    /// Adds bytes to the digest without copying them.
    package mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            guard let pointer = buffer.baseAddress else { return }
            unsafe resguardo_sha256_update(&state, pointer, buffer.count)
        }
    }

    /// Ends the digest and returns its 32 bytes.
    package consuming func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Self.digestCount)
        unsafe resguardo_sha256_final(&state, &digest)
        return digest
    }

    /// Ends the digest and returns its 32 bytes without allocating, for trees of many small hashes.
    package consuming func finishInline() -> InlineArray<32, UInt8> {
        var digest = InlineArray<32, UInt8>(repeating: 0)
        var span = digest.mutableSpan
        var last = state
        unsafe span.withUnsafeMutableBufferPointer { buffer in
            guard let pointer = buffer.baseAddress else { return }
            unsafe resguardo_sha256_final(&last, pointer)
        }
        return digest
    }

    /// Digest of `bytes`, 32 bytes.
    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var hasher = SHA256()
        hasher.update(bytes)
        return hasher.finish()
    }
}
