// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
package import Sodium

/// A trustee's public key with the proof that somebody holds its secret for this very scope.
///
/// Without the proof a trustee could name another's key times a number as their own.
///
/// Spec: `docs/spec/escrow.md`, section 4.1.
package struct TrusteeEnrolment: Equatable, Sendable {
    /// y = x · B; never the identity.
    package let key: Element
    /// Knowledge of x, bound to the scope.
    package let possession: ProofPair

    init(key: Element, possession: ProofPair) {
        self.key = key
        self.possession = possession
    }

    /// Reads a key and a proof without checking the proof.
    ///
    /// - Parameters:
    ///   - key: 32 bytes.
    ///   - possession: 64 bytes.
    /// - Throws: `.wrongLength`, `.invalidElement`, `.identityElement`, `.nonCanonicalScalar`.
    package init(key: [UInt8], possession: [UInt8]) throws(EscrowError) {
        self.key = try readElement(key, at: EscrowPlace(.key))
        self.possession = try ProofPair(possession, at: EscrowPlace(.possession))
    }

    /// Tells whether the proof holds in `scope`.
    package func isProven(in scope: EscrowScope) -> Bool {
        let first = possession.firstMessage(base: .generator, image: key)
        return possession.challenge == Self.challenge(key: key, scope: scope, first: first)
    }

    /// c = H(scope ‖ y ‖ R).
    static func challenge(key: Element, scope: EscrowScope, first: Element) -> Scalar {
        var transcript = Transcript(.possession)
        transcript.append(scope.digest)
        transcript.append(key)
        transcript.append(first)
        return transcript.challenge()
    }
}

extension TrusteeEnrolment {
    /// The type named in JSON.
    package static let type = "resguardo-escrow-trustee-v1"

    /// The enrolment as a JSON object.
    package var json: JSONValue {
        var members = jsonMembers
        members["type"] = .string(Self.type)
        return .object(members)
    }

    /// Reads what ``json`` writes, and nothing else; the proof is not checked yet.
    ///
    /// - Throws: An ``EscrowError`` naming the first field that is refused.
    package init(json: JSONValue) throws(EscrowError) {
        try self.init(json, type: Self.type)
    }

    /// Reads the text of a file; white space between the parts is free.
    package init(parsing text: [UInt8]) throws(EscrowError) {
        try self.init(json: ObjectReader.parse(text))
    }

    /// The members that a context's list of trustees has too.
    var jsonMembers: [String: JSONValue] {
        ["key": .hex(key.bytes), "possession": .hex(possession.bytes)]
    }

    init(_ json: JSONValue, type: String?) throws(EscrowError) {
        var reader = try ObjectReader(json, type: type)
        try self.init(key: reader.bytes(.key), possession: reader.bytes(.possession))
        try reader.requireEnd()
    }
}
