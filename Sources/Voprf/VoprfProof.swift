// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Sodium

/// Proof that one key made all evaluated elements of a batch (DLEQ).
///
/// Spec: RFC 9497, section 2.2.
package struct VoprfProof: Equatable, Sendable {
    /// Bytes in a proof.
    package static let byteCount = 2 * Scalar.byteCount

    let challenge: Scalar
    let response: Scalar

    init(challenge: Scalar, response: Scalar) {
        self.challenge = challenge
        self.response = response
    }

    /// Reads a proof: challenge, response.
    ///
    /// - Throws: `.malformed`.
    package init(_ bytes: [UInt8]) throws(Voprf.Refusal) {
        guard bytes.count == Self.byteCount,
            let challenge = try? Scalar(canonical: Array(bytes.prefix(Scalar.byteCount))),
            let response = try? Scalar(canonical: Array(bytes.suffix(Scalar.byteCount)))
        else {
            // Which of the two is no help.
            throw .malformed
        }
        self.init(challenge: challenge, response: response)
    }

    /// The proof: challenge, response.
    package var bytes: [UInt8] { challenge.bytes + response.bytes }

    /// Verifies a batch.
    ///
    /// - Parameters:
    ///   - key: The public key, pk = k·B.
    ///   - blinded: C, what was evaluated.
    ///   - evaluated: D, as many.
    /// - Throws: `.wrongCount`, `.notProven`.
    package func verify(
        key: Element,
        blinded: [Element],
        evaluated: [Element]
    ) throws(Voprf.Refusal) {
        let weights = try Self.weights(key, blinded, evaluated)
        // M = sum(di·Ci), Z = sum(di·Di)
        let m = Self.sum(weights, blinded)
        let z = Self.sum(weights, evaluated)
        let t2 = Element.base(times: response) + challenge * key
        let t3 = response * m + challenge * z
        guard Self.challenge(key, m, z, t2, t3) == challenge else { throw .notProven }
    }

    /// d_i = HashToScalar(seed, i, C_i, D_i, "Composite").
    static func weights(
        _ key: Element,
        _ blinded: [Element],
        _ evaluated: [Element]
    ) throws(Voprf.Refusal) -> [Scalar] {
        guard (1...Voprf.batchCountMax).contains(blinded.count),
            blinded.count == evaluated.count
        else { throw .wrongCount }
        let seed = Voprf.framed(Voprf.seed(key))
        return zip(blinded, evaluated).enumerated().map { index, pair in
            Voprf.scalar(
                seed + [UInt8(index >> 8), UInt8(index & 0xff)] + Voprf.framed(pair.0.bytes)
                    + Voprf.framed(pair.1.bytes) + Array("Composite".utf8)
            )
        }
    }

    static func sum(_ weights: [Scalar], _ elements: [Element]) -> Element {
        zip(weights, elements).reduce(.identity) { $0 + $1.0 * $1.1 }
    }

    static func challenge(
        _ key: Element,
        _ m: Element,
        _ z: Element,
        _ t2: Element,
        _ t3: Element
    ) -> Scalar {
        let elements = [key, m, z, t2, t3].flatMap { Voprf.framed($0.bytes) }
        return Voprf.scalar(elements + Array("Challenge".utf8))
    }
}
