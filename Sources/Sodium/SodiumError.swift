// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Why a primitive refused its input.
///
/// Cases say which rule was broken and, where there is one, which length was expected. They never
/// carry the bytes, which may be secret.
package enum SodiumError: Error, Equatable, Sendable {
    /// An input has `actual` bytes where exactly `expected` are needed.
    case wrongLength(expected: Int, actual: Int)
    /// A size or cost parameter lies outside the limits of the function.
    case parameterOutOfRange
    /// A ristretto255 scalar is not below the group order.
    case nonCanonicalScalar
    /// A scalar that has to be inverted is zero.
    case zeroScalar
    /// Bytes are not the canonical encoding of a ristretto255 element.
    case invalidElement
    /// An element that must not be the identity is the identity.
    case identityElement
    /// An X25519 exchange gave the all-zero secret: the peer sent a point of low order.
    case lowOrderPoint
    /// A ciphertext or its associated data was changed, or the key is another one.
    case authenticationFailed
    /// The system has not enough memory, or not enough lockable memory, for the operation.
    case outOfMemory
}

/// Throws unless `count` is the length the function needs.
package func requireCount(_ count: Int, _ expected: Int) throws(SodiumError) {
    guard count == expected else {
        throw .wrongLength(expected: expected, actual: count)
    }
}
