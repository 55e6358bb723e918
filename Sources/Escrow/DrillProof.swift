// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Sodium

/// A trustee's answer to a drill: possession of the key, bound to context and checkpoint.
///
/// It never touches an encrypted share, so asking for drills opens nothing.
///
/// Spec: `docs/spec/escrow.md`, section 4.2.
package struct DrillProof: Equatable, Sendable {
    /// Who answered.
    package let index: TrusteeIndex
    /// Knowledge of x.
    package let proof: ProofPair

    init(index: TrusteeIndex, proof: ProofPair) {
        self.index = index
        self.proof = proof
    }

    /// Reads an answer without checking it.
    ///
    /// - Parameters:
    ///   - index: 1...255.
    ///   - proof: 64 bytes.
    /// - Throws: `.indexOutOfRange`, `.wrongLength`, `.nonCanonicalScalar`.
    package init(index: Int, proof: [UInt8]) throws(EscrowError) {
        self.index = try TrusteeIndex(index)
        self.proof = try ProofPair(proof, at: EscrowPlace(.proof))
    }

    /// Tells whether the trustee with this index answered for exactly this checkpoint.
    package func isValid(in context: EscrowContext, checkpoint: [UInt8]) -> Bool {
        guard index.position < context.trustees.count,
            checkpoint.count == EscrowScope.digestCount
        else { return false }
        let key = context.trustees[index.position].key
        let challenge = Self.challenge(
            context: context,
            checkpoint: checkpoint,
            index: index,
            first: proof.firstMessage(base: .generator, image: key)
        )
        return challenge == proof.challenge
    }

    /// c = H(context ‖ checkpoint ‖ i ‖ y_i ‖ R).
    static func challenge(
        context: EscrowContext,
        checkpoint: [UInt8],
        index: TrusteeIndex,
        first: Element
    ) -> Scalar {
        var transcript = Transcript(.drill)
        transcript.append(context.digest)
        transcript.append(checkpoint)
        transcript.append([index.value])
        transcript.append(context.trustees[index.position].key)
        transcript.append(first)
        return transcript.challenge()
    }
}
