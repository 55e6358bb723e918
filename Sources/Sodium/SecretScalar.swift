// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CSodium

/// A secret integer modulo the order of ristretto255, in guarded memory.
package struct SecretScalar: ~Copyable, Sendable {
    private let value: SecretBytes

    init(reduced value: consuming SecretBytes) {
        self.value = value
    }

    /// Draws a non-zero scalar uniformly.
    package static func random() -> SecretScalar {
        var value = SecretBytes(count: Scalar.byteCount)
        Library.start()
        unsafe value.withUnsafeMutableBytes { unsafe crypto_core_ristretto255_scalar_random($0) }
        return SecretScalar(reduced: value)
    }

    /// Reads a canonical, non-zero encoding.
    ///
    /// - Throws: `.wrongLength`, `.nonCanonicalScalar`, `.zeroScalar`.
    package init(canonical bytes: borrowing SecretBytes) throws(SodiumError) {
        try requireCount(bytes.count, Scalar.byteCount)
        var wide = SecretBytes(count: Scalar.wideCount)
        unsafe wide.withUnsafeMutableBytes { wide in
            unsafe bytes.withUnsafeBytes { source in
                unsafe wide.update(from: source, count: Scalar.byteCount)
            }
        }
        let reduced = Self.reduce(wide)
        guard reduced.constantTimeEquals(bytes) else { throw .nonCanonicalScalar }
        let isZero = unsafe reduced.withUnsafeBytes { unsafe sodium_is_zero($0, Scalar.byteCount) }
        guard isZero == 0 else { throw .zeroScalar }
        value = reduced
    }

    /// Reduces a 64-byte secret integer modulo L, as hashed nonces are made.
    ///
    /// - Throws: `.wrongLength`.
    package init(reducing wide: borrowing SecretBytes) throws(SodiumError) {
        try requireCount(wide.count, Scalar.wideCount)
        value = Self.reduce(wide)
    }

    /// A public scalar, as the start of a secret computation.
    package init(_ scalar: Scalar) {
        value = SecretBytes(copying: scalar.bytes)
    }

    private static func reduce(_ wide: borrowing SecretBytes) -> SecretBytes {
        var result = SecretBytes(count: Scalar.byteCount)
        unsafe result.withUnsafeMutableBytes { result in
            unsafe wide.withUnsafeBytes { wide in
                unsafe crypto_core_ristretto255_scalar_reduce(result, wide)
            }
        }
        return result
    }

    /// The encoding in guarded memory, 32 bytes.
    package func encoded() -> SecretBytes { value.copy() }

    /// Makes the value public on purpose: a proof's response, an opened share.
    package func reveal() -> Scalar { Scalar(reduced: value.reveal()) }

    /// The sum.
    package func plus(_ other: borrowing SecretScalar) -> SecretScalar {
        unsafe combine(other) { unsafe crypto_core_ristretto255_scalar_add($0, $1, $2) }
    }

    /// The difference.
    package func minus(_ other: borrowing SecretScalar) -> SecretScalar {
        unsafe combine(other) { unsafe crypto_core_ristretto255_scalar_sub($0, $1, $2) }
    }

    /// The product.
    package func times(_ other: borrowing SecretScalar) -> SecretScalar {
        unsafe combine(other) { unsafe crypto_core_ristretto255_scalar_mul($0, $1, $2) }
    }

    /// The product with a public scalar.
    package func times(_ other: Scalar) -> SecretScalar {
        times(SecretScalar(other))
    }

    /// The multiplicative inverse.
    ///
    /// - Throws: `.zeroScalar`.
    package func inverted() throws(SodiumError) -> SecretScalar {
        var result = SecretBytes(count: Scalar.byteCount)
        let status = unsafe result.withUnsafeMutableBytes { result in
            unsafe value.withUnsafeBytes { value in
                unsafe crypto_core_ristretto255_scalar_invert(result, value)
            }
        }
        guard status == 0 else { throw .zeroScalar }
        return SecretScalar(reduced: result)
    }

    /// Lends the encoding to libsodium.
    @unsafe
    func withUnsafeBytes<R>(_ body: (UnsafePointer<UInt8>) -> R) -> R {
        unsafe value.withUnsafeBytes { unsafe body($0) }
    }

    private func combine(
        _ other: borrowing SecretScalar,
        _ operation: (UnsafeMutablePointer<UInt8>, UnsafePointer<UInt8>, UnsafePointer<UInt8>) ->
            Void
    ) -> SecretScalar {
        var result = SecretBytes(count: Scalar.byteCount)
        unsafe result.withUnsafeMutableBytes { result in
            unsafe value.withUnsafeBytes { left in
                unsafe other.value.withUnsafeBytes { right in
                    unsafe operation(result, left, right)
                }
            }
        }
        return SecretScalar(reduced: result)
    }
}
