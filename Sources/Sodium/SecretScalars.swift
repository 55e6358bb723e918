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

    /// Sets one of them to a 64-byte integer modulo L, as hashed nonces are made.
    ///
    /// - Parameters:
    ///   - index: Which.
    ///   - wide: The integer, little endian; overwritten.
    package mutating func set(_ index: Int, reducing wide: inout [UInt8]) {
        precondition((0..<count).contains(index), "one of the scalars")
        precondition(wide.count == Scalar.wideCount, "a digest of 64 bytes")
        unsafe values.withUnsafeMutableBytes { values in
            unsafe crypto_core_ristretto255_scalar_reduce(
                values + index * Scalar.byteCount,
                wide
            )
        }
        wipe(&wide)
    }

    /// The values at 1, 2, …, `count` of the polynomial with these coefficients, the lowest power
    /// first: Horner's rule, in place.
    ///
    /// - Complexity: One multiplication and one addition a coefficient and point, in constant time.
    package func values(upTo count: Int) -> SecretScalars {
        precondition(self.count > 0, "a polynomial has coefficients")
        var results = SecretScalars(count: count)
        let last = (self.count - 1) * Scalar.byteCount
        unsafe results.values.withUnsafeMutableBytes { results in
            unsafe values.withUnsafeBytes { coefficients in
                for point in 0..<count {
                    let place = Scalar(UInt64(point + 1)).bytes
                    let result = unsafe results + point * Scalar.byteCount
                    unsafe result.update(from: coefficients + last, count: Scalar.byteCount)
                    for start in stride(from: last - Scalar.byteCount, through: 0, by: -32) {
                        unsafe crypto_core_ristretto255_scalar_mul(result, result, place)
                        unsafe crypto_core_ristretto255_scalar_add(
                            result,
                            result,
                            coefficients + start
                        )
                    }
                }
            }
        }
        return results
    }

    /// The responses of proofs that know these scalars: nonce + challenge · scalar.
    ///
    /// - Parameters:
    ///   - challenge: The challenge of all of them.
    ///   - nonces: One a scalar.
    /// - Returns: What is public of them.
    package func responses(
        to challenge: Scalar,
        nonces: borrowing SecretScalars
    ) -> [Scalar] {
        precondition(nonces.count == count, "a nonce for each scalar")
        var product = SecretBytes(count: Scalar.byteCount)
        return (0..<count).map { index in
            var response = [UInt8](repeating: 0, count: Scalar.byteCount)
            let start = index * Scalar.byteCount
            unsafe product.withUnsafeMutableBytes { product in
                unsafe values.withUnsafeBytes { values in
                    unsafe crypto_core_ristretto255_scalar_mul(
                        product,
                        values + start,
                        challenge.bytes
                    )
                }
                unsafe nonces.values.withUnsafeBytes { nonces in
                    unsafe crypto_core_ristretto255_scalar_add(&response, product, nonces + start)
                }
            }
            return Scalar(reduced: response)
        }
    }

    /// Lends the encoding of one of them to libsodium.
    @unsafe
    func withUnsafeBytes<R>(of index: Int, _ body: (UnsafePointer<UInt8>) -> R) -> R {
        precondition((0..<count).contains(index), "one of the scalars")
        return unsafe values.withUnsafeBytes { unsafe body($0 + index * Scalar.byteCount) }
    }
}
