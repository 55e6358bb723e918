// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CSodium

/// Bytes that must not leak: keys, passphrases, shared secrets.
///
/// They live in libsodium's guarded memory: between two inaccessible pages, behind a canary, locked
/// out of swap where the system allows it, left out of core dumps, and wiped when the last owner
/// goes. The type cannot be copied by accident; ``copy()`` says so aloud.
@safe
package struct SecretBytes: ~Copyable, @unchecked Sendable {
    // `@unchecked Sendable` holds because the memory has one owner (the type is not copyable) and
    // is only written through `mutating` methods.
    private let base: UnsafeMutableRawPointer

    /// Length in bytes.
    package let count: Int

    /// The longest secret: no key or passphrase of ours comes near it.
    package static let countMax = 1 << 20

    /// Allocates `count` zero bytes.
    ///
    /// - Parameter count: 0...``countMax``.
    package init(count: Int) {
        precondition((0...Self.countMax).contains(count), "a secret is 0...1 MiB long")
        Library.start()
        guard let memory = unsafe sodium_malloc(max(count, 1)) else {
            // Guarded memory is bounded by RLIMIT_MEMLOCK and by the address space only. There is
            // no safe way on from here: ordinary memory could be swapped to disk.
            preconditionFailure("no guarded memory left for a secret")
        }
        unsafe base = memory
        self.count = count
        unsafe sodium_memzero(base, count)
    }

    /// Allocates `count` bytes from the system's random source.
    package init(random count: Int) {
        self.init(count: count)
        unsafe randombytes_buf(base, count)
    }

    /// Copies bytes that the caller goes on holding, a public test key for example.
    package init(copying bytes: [UInt8]) {
        self.init(count: bytes.count)
        unsafe bytes.withUnsafeBytes { source in
            guard let address = source.baseAddress else { return }
            unsafe base.copyMemory(from: address, byteCount: source.count)
        }
    }

    /// Moves bytes into guarded memory and wipes the array they came in.
    package init(wiping bytes: inout [UInt8]) {
        self.init(copying: bytes)
        wipe(&bytes)
    }

    deinit {
        unsafe sodium_free(base)
    }

    /// A second, independent copy in guarded memory of its own.
    package func copy() -> SecretBytes {
        let result = SecretBytes(count: count)
        unsafe result.base.copyMemory(from: base, byteCount: count)
        return result
    }

    /// A copy of `range` in guarded memory of its own.
    package func slice(_ range: Range<Int>) -> SecretBytes {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "slice of a secret")
        let result = SecretBytes(count: range.count)
        unsafe result.base.copyMemory(from: base + range.lowerBound, byteCount: range.count)
        return result
    }

    /// Lends the bytes for reading; the span cannot outlive the call.
    package func withBytes<R: ~Copyable, E: Error>(
        _ body: (Span<UInt8>) throws(E) -> R
    ) throws(E) -> R {
        let pointer = unsafe base.assumingMemoryBound(to: UInt8.self)
        return try unsafe body(Span(_unsafeStart: pointer, count: count))
    }

    /// Lends the bytes to a C function for reading.
    @unsafe
    package func withUnsafeBytes<R: ~Copyable, E: Error>(
        _ body: (UnsafePointer<UInt8>) throws(E) -> R
    ) throws(E) -> R {
        try unsafe body(UnsafePointer(base.assumingMemoryBound(to: UInt8.self)))
    }

    /// Lends the bytes to a C function for writing.
    @unsafe
    package mutating func withUnsafeMutableBytes<R: ~Copyable, E: Error>(
        _ body: (UnsafeMutablePointer<UInt8>) throws(E) -> R
    ) throws(E) -> R {
        try unsafe body(base.assumingMemoryBound(to: UInt8.self))
    }

    /// Copies the bytes out of guarded memory.
    ///
    /// For values that are about to be shown or written on purpose. Whoever calls this owns the
    /// copy, and wipes it.
    package func reveal() -> [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// Compares in time that depends on the lengths only.
    package func constantTimeEquals(_ other: borrowing SecretBytes) -> Bool {
        guard count == other.count else { return false }
        return unsafe sodium_memcmp(base, other.base, count) == 0
    }
}
