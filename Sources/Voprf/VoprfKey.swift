// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Sodium

/// The server's key.
///
/// Spec: RFC 9497, section 3.3.2.
package struct VoprfKey: ~Copyable, Sendable {
    /// Bytes in a seed.
    package static let seedCount = 32
    private static let infoCountMax = 65_535

    /// What clients verify proofs against.
    package let publicKey: Element
    private let secret: SecretScalar

    /// A new key.
    package init() {
        self.init(SecretScalar.random())
    }

    private init(_ secret: consuming SecretScalar) {
        publicKey = Element.base(times: secret)
        self.secret = secret
    }

    /// The key of a seed (section 3.2.1, DeriveKeyPair).
    ///
    /// - Parameters:
    ///   - seed: 32 secret bytes.
    ///   - info: What the key is for.
    /// - Throws: `.malformed`.
    package init(seed: borrowing SecretBytes, info: [UInt8]) throws(Voprf.Refusal) {
        guard seed.count == Self.seedCount, info.count <= Self.infoCountMax else {
            throw .malformed
        }
        var scalar = Scalar.zero
        var counter: UInt8 = 0
        while scalar.isZero {
            var input = seed.reveal() + Voprf.framed(info) + [counter]
            defer { wipe(&input) }
            scalar = Voprf.keyScalar(input)
            guard counter < .max else { throw .malformed }
            counter += 1
        }
        self.init(SecretScalar(scalar))
    }

    /// Evaluates blinded elements, and proves it.
    ///
    /// - Parameter blinded: 1...256 elements, none of them the identity.
    /// - Returns: As many evaluated elements, and one proof for all.
    /// - Throws: `.malformed`, `.wrongCount`.
    package func evaluate(
        _ blinded: [Element]
    ) throws(Voprf.Refusal) -> (evaluated: [Element], proof: VoprfProof) {
        try evaluate(blinded, nonce: SecretScalar.random())
    }

    /// The same with a given nonce, which nobody may ever use twice: for test vectors.
    package func evaluate(
        _ blinded: [Element],
        nonce: borrowing SecretScalar
    ) throws(Voprf.Refusal) -> (evaluated: [Element], proof: VoprfProof) {
        guard !blinded.contains(where: \.isIdentity) else { throw .malformed }
        var evaluated: [Element] = []
        for element in blinded { evaluated.append(element.times(secret)) }
        let weights = try VoprfProof.weights(publicKey, blinded, evaluated)
        let m = VoprfProof.sum(weights, blinded)
        // Z = k·M, t2 = r·B, t3 = r·M, s = r − c·k
        let z = m.times(secret)
        let t2 = Element.base(times: nonce)
        let challenge = VoprfProof.challenge(publicKey, m, z, t2, m.times(nonce))
        let response = nonce.minus(secret.times(challenge)).reveal()
        return (evaluated, VoprfProof(challenge: challenge, response: response))
    }

    /// The function itself, as the server checks an output that it is shown.
    ///
    /// - Throws: `.inputTooLong`, `.inputInvalid`.
    package func output(of input: [UInt8]) throws(Voprf.Refusal) -> [UInt8] {
        Voprf.output(input, try Voprf.group(input).times(secret))
    }
}
