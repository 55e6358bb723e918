// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CSodium

/// BLAKE2b with 32 bytes of output and no key (RFC 7693), in one call or as a stream.
@safe
package struct BLAKE2b256: ~Copyable {
    /// Bytes in a digest.
    package static let digestCount = 32

    // libsodium asks for 64-byte alignment of its state, which Swift's stack does not promise for
    // a stored property; its own allocator does.
    private let state: OpaquePointer

    /// Starts a digest.
    package init() {
        Library.start()
        let size = crypto_generichash_statebytes()
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
        unsafe state = OpaquePointer(memory)
        unsafe crypto_generichash_init(state, nil, 0, Self.digestCount)
    }

    deinit {
        unsafe UnsafeMutableRawPointer(state).deallocate()
    }

    /// Adds bytes to the digest.
    package mutating func update(_ bytes: [UInt8]) {
        unsafe crypto_generichash_update(state, bytes, UInt64(bytes.count))
    }

    /// Adds bytes to the digest without copying them.
    package mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            guard let pointer = buffer.baseAddress else { return }
            _ = unsafe crypto_generichash_update(state, pointer, UInt64(buffer.count))
        }
    }

    /// Ends the digest and returns its 32 bytes.
    package consuming func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Self.digestCount)
        unsafe crypto_generichash_final(state, &digest, digest.count)
        return digest
    }

    /// Digest of `bytes`, 32 bytes.
    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        hash(bytes.span)
    }

    /// Digest of `bytes`, 32 bytes.
    package static func hash(_ bytes: Span<UInt8>) -> [UInt8] {
        Library.start()
        var digest = [UInt8](repeating: 0, count: digestCount)
        unsafe bytes.withUnsafeBufferPointer { buffer in
            _ = unsafe crypto_generichash(
                &digest,
                digestCount,
                buffer.baseAddress,
                UInt64(buffer.count),
                nil,
                0
            )
        }
        return digest
    }
}
