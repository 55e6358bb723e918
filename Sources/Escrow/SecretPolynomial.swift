// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Sodium

/// The dealer's polynomial f of degree k − 1, drawn from 32 bytes of entropy.
///
/// Coefficients are derived when needed instead of stored: a_j = H(entropy ‖ context ‖ j). Should
/// a broken random source repeat its bytes, another context still gets another polynomial.
///
/// Spec: `docs/spec/escrow.md`, section 5.1.
struct SecretPolynomial: ~Copyable {
    private let entropy: SecretBytes
    private let context: [UInt8]
    private let count: Int

    init(count: Int, entropy: borrowing SecretBytes, context: EscrowContext) {
        self.count = count
        self.entropy = entropy.copy()
        self.context = context.digest
    }

    /// a_j.
    func coefficient(_ power: Int) -> SecretScalar {
        precondition((0..<count).contains(power), "a polynomial has k coefficients")
        var transcript = Transcript(.coefficient)
        transcript.append(entropy)
        transcript.append(context)
        transcript.append([UInt8(power)])
        return transcript.secret()
    }

    /// f(i), by Horner's rule.
    func value(at index: TrusteeIndex) -> SecretScalar {
        let point = SecretScalar(Scalar(UInt64(index.value)))
        var value = coefficient(count - 1)
        for power in stride(from: count - 2, through: 0, by: -1) {
            value = value.times(point).plus(coefficient(power))
        }
        return value
    }
}
