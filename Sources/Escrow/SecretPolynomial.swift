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
    /// a_0…a_(k−1).
    let coefficients: SecretScalars

    init(count: Int, entropy: borrowing SecretBytes, context: EscrowContext) {
        var coefficients = SecretScalars(count: count)
        for power in 0..<count {
            var transcript = Transcript(.coefficient)
            transcript.append(entropy)
            transcript.append(context.digest)
            transcript.append([UInt8(power)])
            transcript.secret(power, of: &coefficients)
        }
        self.coefficients = coefficients
    }

    /// f(1)…f(n).
    func values(_ count: Int) -> SecretScalars { coefficients.values(upTo: count) }
}
