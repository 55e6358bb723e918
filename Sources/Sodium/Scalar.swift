// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CSodium

/// A public integer modulo the order of ristretto255,
/// L = 2^252 + 27742317777372353535851937790883648493 (RFC 9496, section 4.4).
///
/// Secret integers are ``SecretScalar``.
package struct Scalar: Equatable, Hashable, Sendable {
    /// Bytes in an encoding.
    package static let byteCount = 32
    /// Bytes in a wide integer that is reduced.
    package static let wideCount = 64

    /// L, little endian (RFC 9496, section 4.4).
    private static let order: [UInt8] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ]

    /// The canonical little-endian encoding, 32 bytes.
    package let bytes: [UInt8]

    /// Zero.
    package static let zero = Scalar(0)
    /// One.
    package static let one = Scalar(1)

    /// The scalar of a small integer.
    package init(_ value: UInt64) {
        var bytes = [UInt8](repeating: 0, count: Self.byteCount)
        for index in 0..<8 {
            bytes[index] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(index)))
        }
        self.bytes = bytes
    }

    /// Reads a canonical encoding.
    ///
    /// libsodium 1.0.18 takes any 32 bytes for a scalar; the check is ours.
    ///
    /// - Throws: `.wrongLength`, or `.nonCanonicalScalar` for integers of L and above.
    package init(canonical bytes: [UInt8]) throws(SodiumError) {
        try requireCount(bytes.count, Self.byteCount)
        guard Self.isBelowOrder(bytes) else { throw .nonCanonicalScalar }
        self.bytes = bytes
    }

    /// Whether a little-endian integer of 32 bytes is smaller than L.
    private static func isBelowOrder(_ bytes: [UInt8]) -> Bool {
        for index in bytes.indices.reversed() where bytes[index] != order[index] {
            return bytes[index] < order[index]
        }
        return false
    }

    /// Whether `bytes` begins with this many canonical encodings, one after the other.
    ///
    /// Makes nothing, so that what is none can be refused cheaply.
    package static func areCanonical(_ bytes: [UInt8], count: Int) -> Bool {
        precondition(bytes.count >= count * byteCount, "that many encodings")
        // 2^252 is below L: most scalars show it in their last byte.
        return (0..<count).allSatisfy { index in
            let last = bytes[byteCount * (index + 1) - 1]
            guard last >= 0x10 else { return true }
            return last == 0x10
                && isBelowOrder(Array(bytes[byteCount * index..<byteCount * (index + 1)]))
        }
    }

    /// Reduces a 64-byte little-endian integer modulo L.
    ///
    /// - Throws: `.wrongLength`.
    package init(reducing wide: [UInt8]) throws(SodiumError) {
        try requireCount(wide.count, Self.wideCount)
        self.init(reducedWide: wide)
    }

    private init(reducedWide wide: [UInt8]) {
        var result = [UInt8](repeating: 0, count: Self.byteCount)
        unsafe crypto_core_ristretto255_scalar_reduce(&result, wide)
        bytes = result
    }

    /// For results of libsodium's own arithmetic, which are reduced.
    init(reduced bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether this is zero.
    package var isZero: Bool { self == .zero }

    /// The multiplicative inverse.
    ///
    /// - Throws: `.zeroScalar`.
    package func inverted() throws(SodiumError) -> Scalar {
        var result = [UInt8](repeating: 0, count: Self.byteCount)
        guard unsafe crypto_core_ristretto255_scalar_invert(&result, bytes) == 0, !isZero else {
            throw .zeroScalar
        }
        return Scalar(reduced: result)
    }

    /// Sum modulo L.
    package static func + (left: Scalar, right: Scalar) -> Scalar {
        var result = [UInt8](repeating: 0, count: byteCount)
        unsafe crypto_core_ristretto255_scalar_add(&result, left.bytes, right.bytes)
        return Scalar(reduced: result)
    }

    /// Difference modulo L.
    package static func - (left: Scalar, right: Scalar) -> Scalar {
        var result = [UInt8](repeating: 0, count: byteCount)
        unsafe crypto_core_ristretto255_scalar_sub(&result, left.bytes, right.bytes)
        return Scalar(reduced: result)
    }

    /// Product modulo L.
    package static func * (left: Scalar, right: Scalar) -> Scalar {
        var result = [UInt8](repeating: 0, count: byteCount)
        unsafe crypto_core_ristretto255_scalar_mul(&result, left.bytes, right.bytes)
        return Scalar(reduced: result)
    }
}
