// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Sodium

/// An output of a key, with the proof that there is no other for the input.
///
/// Spec: c2sp.org/vrf-r255; draft-irtf-cfrg-vrf-11, sections 5.2 to 5.4.
package struct VrfProof: Equatable, Sendable {
    /// Bytes in a proof, pi.
    package static let byteCount = Element.byteCount + Vrf.challengeCount + Scalar.byteCount

    let gamma: Element
    /// c, 16 bytes.
    let challenge: [UInt8]
    /// s.
    let response: Scalar

    init(gamma: Element, challenge: [UInt8], response: Scalar) {
        self.gamma = gamma
        self.challenge = challenge
        self.response = response
    }

    /// Reads a proof: Gamma, c, s.
    ///
    /// - Parameter bytes: 80 bytes.
    /// - Throws: `.wrongLength`, `.invalidElement`, `.invalidScalar`.
    package init(_ bytes: [UInt8]) throws(Vrf.Refusal) {
        guard bytes.count == Self.byteCount else { throw .wrongLength }
        // A key that is not the identity never gives the identity for Gamma.
        guard let gamma = try? Element(nonIdentity: Array(bytes[..<Element.byteCount])) else {
            throw .invalidElement
        }
        guard let response = try? Scalar(canonical: Array(bytes.suffix(Scalar.byteCount))) else {
            throw .invalidScalar
        }
        let end = Element.byteCount + Vrf.challengeCount
        self.init(
            gamma: gamma,
            challenge: Array(bytes[Element.byteCount..<end]),
            response: response
        )
    }

    /// The proof: Gamma, c, s; 80 bytes.
    package var bytes: [UInt8] { gamma.bytes + challenge + response.bytes }

    /// Verifies it.
    ///
    /// - Parameters:
    ///   - key: Y, whose owner is said to have made it; not the identity.
    ///   - input: alpha, at most ``Vrf/inputCountMax`` bytes.
    /// - Returns: beta, 64 bytes.
    /// - Throws: `.invalidElement`, `.inputTooLong`, `.notValid`.
    package func verify(key: Element, input: [UInt8]) throws(Vrf.Refusal) -> [UInt8] {
        guard !key.isIdentity else { throw .invalidElement }
        let point = try Vrf.point(input, key: key)
        let c = Vrf.scalar(challenge)
        // U = s·B − c·Y, V = s·H − c·Gamma
        let u = Element.base(times: response) - c * key
        let v = response * point - c * gamma
        guard Vrf.challenge([key, point, gamma, u, v]) == challenge else { throw .notValid }
        return Vrf.output(gamma)
    }
}
