// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Sodium

/// The dealer's polynomial f of degree k − 1, drawn from 32 bytes of entropy.
///
/// a_j = H(entropy ‖ context ‖ j). Should a broken random source repeat its bytes, another context
/// still gets another polynomial.
///
/// Spec: `docs/spec/escrow.md`, section 5.1.
struct SecretPolynomial: ~Copyable {
    private let coefficients: SecretScalars

    init(count: Int, entropy: borrowing SecretBytes, context: EscrowContext) {
        var coefficients = SecretScalars(count: count)
        for power in 0..<count {
            var transcript = Transcript(.coefficient)
            transcript.append(entropy)
            transcript.append(context.digest)
            transcript.append([UInt8(power)])
            coefficients.set(power, to: transcript.secret())
        }
        self.coefficients = coefficients
    }

    /// a_j.
    func coefficient(_ power: Int) -> SecretScalar { coefficients[power] }

    /// f(i).
    func value(at index: TrusteeIndex) -> SecretScalar {
        coefficients.polynomial(at: Scalar(UInt64(index.value)))
    }
}
