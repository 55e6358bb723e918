// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CSodium

/// An element of ristretto255 (RFC 9496): a group of prime order, so no cofactor to mind.
package struct Element: Equatable, Hashable, Sendable {
    /// Bytes in an encoding.
    package static let byteCount = 32

    /// The canonical encoding, 32 bytes; equal elements have equal encodings.
    package let bytes: [UInt8]

    /// The neutral element.
    ///
    /// It decodes like any other; protocols refuse it with ``init(nonIdentity:)``.
    package static let identity = Element(valid: [UInt8](repeating: 0, count: byteCount))
    /// The canonical generator B.
    package static let generator = base(times: .one)

    /// Decodes an element, the identity included.
    ///
    /// Spec: RFC 9496, section 4.3.1.
    ///
    /// - Throws: `.wrongLength`, or `.invalidElement` for what is not canonical, negative or not
    ///   on the curve.
    package init(canonical bytes: [UInt8]) throws(SodiumError) {
        try requireCount(bytes.count, Self.byteCount)
        // libsodium 1.0.18 ignores the top bit, which would give each element a second encoding.
        guard bytes[Self.byteCount - 1] < 0x80,
            unsafe crypto_core_ristretto255_is_valid_point(bytes) == 1
        else { throw .invalidElement }
        self.bytes = bytes
    }

    /// Decodes an element and refuses the identity.
    ///
    /// - Throws: `.wrongLength`, `.invalidElement`, `.identityElement`.
    package init(nonIdentity bytes: [UInt8]) throws(SodiumError) {
        try self.init(canonical: bytes)
        guard !isIdentity else { throw .identityElement }
    }

    /// The one-way map from 64 uniform bytes (RFC 9496, section 4.3.4).
    ///
    /// - Throws: `.wrongLength`.
    package init(mapping uniform: [UInt8]) throws(SodiumError) {
        try requireCount(uniform.count, 64)
        var result = [UInt8](repeating: 0, count: Self.byteCount)
        unsafe crypto_core_ristretto255_from_hash(&result, uniform)
        bytes = result
    }

    private init(valid bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether this is the neutral element.
    package var isIdentity: Bool { bytes.allSatisfy { $0 == 0 } }

    /// scalar · B.
    package static func base(times scalar: Scalar) -> Element {
        unsafe multiply { unsafe crypto_scalarmult_ristretto255_base($0, scalar.bytes) }
    }

    /// scalar · B, in constant time.
    package static func base(times scalar: borrowing SecretScalar) -> Element {
        var result = [UInt8](repeating: 0, count: byteCount)
        let status = unsafe scalar.withUnsafeBytes { secret in
            unsafe crypto_scalarmult_ristretto255_base(&result, secret)
        }
        return status == 0 ? Element(valid: result) : identity
    }

    /// One of many scalars · B, in constant time.
    package static func base(times scalars: borrowing SecretScalars, at index: Int) -> Element {
        var result = [UInt8](repeating: 0, count: byteCount)
        let status = unsafe scalars.withUnsafeBytes(of: index) { secret in
            unsafe crypto_scalarmult_ristretto255_base(&result, secret)
        }
        return status == 0 ? Element(valid: result) : identity
    }

    /// scalar · self.
    package static func * (scalar: Scalar, element: Element) -> Element {
        unsafe multiply { unsafe crypto_scalarmult_ristretto255($0, scalar.bytes, element.bytes) }
    }

    /// scalar · self, in constant time.
    package func times(_ scalar: borrowing SecretScalar) -> Element {
        var result = [UInt8](repeating: 0, count: Self.byteCount)
        let status = unsafe scalar.withUnsafeBytes { secret in
            unsafe crypto_scalarmult_ristretto255(&result, secret, bytes)
        }
        return status == 0 ? Element(valid: result) : .identity
    }

    /// One of many scalars · self, in constant time.
    package func times(_ scalars: borrowing SecretScalars, at index: Int) -> Element {
        var result = [UInt8](repeating: 0, count: Self.byteCount)
        let status = unsafe scalars.withUnsafeBytes(of: index) { secret in
            unsafe crypto_scalarmult_ristretto255(&result, secret, bytes)
        }
        return status == 0 ? Element(valid: result) : .identity
    }

    /// Sum in the group.
    package static func + (left: Element, right: Element) -> Element {
        var result = [UInt8](repeating: 0, count: byteCount)
        let status = unsafe crypto_core_ristretto255_add(&result, left.bytes, right.bytes)
        precondition(status == 0, "both operands are valid encodings")
        return Element(valid: result)
    }

    /// Difference in the group.
    package static func - (left: Element, right: Element) -> Element {
        var result = [UInt8](repeating: 0, count: byteCount)
        let status = unsafe crypto_core_ristretto255_sub(&result, left.bytes, right.bytes)
        precondition(status == 0, "both operands are valid encodings")
        return Element(valid: result)
    }

    /// libsodium reports a result that is the identity as a failure; here it is a value, which the
    /// protocols refuse where they must.
    private static func multiply(_ body: (UnsafeMutablePointer<UInt8>) -> CInt) -> Element {
        var result = [UInt8](repeating: 0, count: byteCount)
        let status = unsafe result.withUnsafeMutableBufferPointer { buffer in
            guard let address = buffer.baseAddress else { return CInt(-1) }
            return unsafe body(address)
        }
        return status == 0 ? Element(valid: result) : identity
    }
}
