// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CSodium

/// Secret scalars side by side in one piece of guarded memory.
///
/// Each piece of its own costs about ten system calls, which would be most of the time that a
/// dealing takes.
package struct SecretScalars: ~Copyable, Sendable {
    private var values: SecretBytes
    /// How many there are.
    package let count: Int

    /// Zeros.
    package init(count: Int) {
        values = SecretBytes(count: count * Scalar.byteCount)
        self.count = count
    }

    /// Sets one of them.
    package mutating func set(_ index: Int, to scalar: borrowing SecretScalar) {
        precondition((0..<count).contains(index), "one of the scalars")
        unsafe values.withUnsafeMutableBytes { values in
            unsafe scalar.withUnsafeBytes { source in
                unsafe (values + index * Scalar.byteCount).update(
                    from: source,
                    count: Scalar.byteCount
                )
            }
        }
    }

    /// A copy of one of them.
    package subscript(index: Int) -> SecretScalar {
        precondition((0..<count).contains(index), "one of the scalars")
        let start = index * Scalar.byteCount
        return SecretScalar(reduced: values.slice(start..<(start + Scalar.byteCount)))
    }

    /// The polynomial with these coefficients, the lowest power first, at a public point: Horner's
    /// rule, in place.
    ///
    /// - Complexity: One multiplication and one addition a coefficient, in constant time.
    package func polynomial(at point: Scalar) -> SecretScalar {
        precondition(count > 0, "a polynomial has coefficients")
        let place = SecretBytes(copying: point.bytes)
        let last = count * Scalar.byteCount
        var result = values.slice((last - Scalar.byteCount)..<last)
        unsafe result.withUnsafeMutableBytes { result in
            unsafe values.withUnsafeBytes { values in
                unsafe place.withUnsafeBytes { place in
                    for index in stride(from: count - 2, through: 0, by: -1) {
                        unsafe crypto_core_ristretto255_scalar_mul(result, result, place)
                        unsafe crypto_core_ristretto255_scalar_add(
                            result,
                            result,
                            values + index * Scalar.byteCount
                        )
                    }
                }
            }
        }
        return SecretScalar(reduced: result)
    }
}
