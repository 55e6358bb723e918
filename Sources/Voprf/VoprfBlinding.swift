// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Sodium

/// The client's side: an input, hidden from the server by a random factor.
///
/// Spec: RFC 9497, section 3.3.1 and 3.3.2.
package struct VoprfBlinding: ~Copyable, Sendable {
    /// The input, which the server does not learn.
    package let input: [UInt8]
    /// What the server gets.
    package let blinded: Element
    private let blind: SecretScalar

    /// Blinds an input with a random factor.
    ///
    /// - Throws: `.inputTooLong`, `.inputInvalid`.
    package init(_ input: [UInt8]) throws(Voprf.Refusal) {
        try self.init(input, blind: SecretScalar.random())
    }

    /// Blinds an input with a factor of the caller, one that was stored until the answer came.
    ///
    /// - Throws: `.inputTooLong`, `.inputInvalid`.
    package init(_ input: [UInt8], blind: consuming SecretScalar) throws(Voprf.Refusal) {
        self.input = input
        blinded = try Voprf.group(input).times(blind)
        self.blind = blind
    }

    /// The output, from an evaluated element that VoprfProof/verify(key:blinded:evaluated:)
    /// found right.
    ///
    /// - Throws: `.malformed`.
    package func finalize(_ evaluated: Element) throws(Voprf.Refusal) -> [UInt8] {
        guard !evaluated.isIdentity else { throw .malformed }
        let inverse: SecretScalar
        do {
            inverse = try blind.inverted()
        } catch {
            throw .malformed
        }
        return Voprf.output(input, evaluated.times(inverse))
    }
}
