// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
package import Sodium

/// One trustee's share in the clear, with the proof that it is what the dealing holds for them.
///
/// Spec: `docs/spec/escrow.md`, section 6.
package struct OpenedShare: Equatable, Sendable {
    /// Digest of the dealing, 32 bytes.
    package let dealingDigest: [UInt8]
    /// Whose share.
    package let index: TrusteeIndex
    /// S_i = f(i) · B.
    package let element: Element
    /// One logarithm for y_i to the base B and for Y_i to the base S_i.
    package let proof: ProofPair

    init(dealingDigest: [UInt8], index: TrusteeIndex, element: Element, proof: ProofPair) {
        self.dealingDigest = dealingDigest
        self.index = index
        self.element = element
        self.proof = proof
    }

    /// Checks the proof; key and encrypted share are the dealing's, never the sender's.
    ///
    /// - Parameter dealing: The dealing that is being opened.
    /// - Returns: The share in the form that ``VerifiedDealing/combine(_:)`` takes.
    /// - Throws: `.otherDealing`, `.indexOutOfRange`, `.shareNotProven`.
    package func verified(
        in dealing: VerifiedDealing
    ) throws(EscrowError) -> VerifiedShare {
        guard dealingDigest == dealing.digest else { throw .otherDealing }
        guard index.position < dealing.context.trustees.count else {
            throw .indexOutOfRange(Int(index.value))
        }
        let key = dealing.context.trustees[index.position].key
        let encrypted = dealing.encryptedShare(of: index)
        let challenge = Self.challenge(
            dealing: dealing,
            index: index,
            element: element,
            first: proof.firstMessage(base: .generator, image: key),
            second: proof.firstMessage(base: element, image: encrypted)
        )
        guard challenge == proof.challenge else {
            throw .shareNotProven(index: Int(index.value))
        }
        return VerifiedShare(checked: self)
    }

    /// c = H(context ‖ dealing ‖ i ‖ y_i ‖ S_i ‖ Y_i ‖ R1 ‖ R2).
    static func challenge(
        dealing: VerifiedDealing,
        index: TrusteeIndex,
        element: Element,
        first: Element,
        second: Element
    ) -> Scalar {
        var transcript = Transcript(.shareChallenge)
        transcript.append(dealing.context.digest)
        transcript.append(dealing.digest)
        transcript.append([index.value])
        transcript.append(dealing.context.trustees[index.position].key)
        transcript.append(element)
        transcript.append(dealing.encryptedShare(of: index))
        transcript.append(first)
        transcript.append(second)
        return transcript.challenge()
    }
}

/// An opened share whose proof was checked.
package struct VerifiedShare: Equatable, Sendable {
    /// The share.
    package let share: OpenedShare

    fileprivate init(checked share: OpenedShare) {
        self.share = share
    }
}

extension OpenedShare {
    /// The version byte that opens the binary form.
    private static let version: UInt8 = 1
    /// Bytes in the binary form.
    package static let byteCount = 2 + 2 * 32 + ProofPair.byteCount
    /// The type named in JSON.
    package static let type = "resguardo-escrow-share-v1"

    /// The canonical binary form: `01 ‖ dealing ‖ i ‖ S_i ‖ c ‖ z`.
    package var bytes: [UInt8] {
        [Self.version] + dealingDigest + [index.value] + element.bytes + proof.bytes
    }

    /// Reads the binary form.
    ///
    /// - Throws: `.wrongType`, `.wrongLength`, `.indexOutOfRange`, `.invalidElement`,
    ///   `.identityElement`, `.nonCanonicalScalar`.
    package init(bytes: [UInt8]) throws(EscrowError) {
        guard bytes.first == Self.version else { throw .wrongType }
        try requireCount(bytes, Self.byteCount, at: EscrowPlace(.object))
        try self.init(
            dealing: Array(bytes[1..<33]),
            index: Int(bytes[33]),
            element: Array(bytes[34..<66]),
            proof: Array(bytes[66...])
        )
    }

    /// The share as a JSON object.
    package var json: JSONValue {
        [
            "type": .string(Self.type),
            "dealing": .hex(dealingDigest),
            "index": .integer(Int64(index.value)),
            "element": .hex(element.bytes),
            "proof": .hex(proof.bytes),
        ]
    }

    /// Reads what ``json`` writes, and nothing else; ``verified(in:)`` is still to be asked.
    ///
    /// - Throws: An ``EscrowError`` naming the first field that is refused.
    package init(json: JSONValue) throws(EscrowError) {
        var reader = try ObjectReader(json, type: Self.type)
        try self.init(
            dealing: reader.bytes(.dealing),
            index: Int(reader.integer(.index, in: 0...JSONValue.integerMax)),
            element: reader.bytes(.element),
            proof: reader.bytes(.proof)
        )
        try reader.requireEnd()
    }

    /// Reads the text of a file; white space between the parts is free.
    package init(parsing text: [UInt8]) throws(EscrowError) {
        try self.init(json: ObjectReader.parse(text))
    }

    private init(
        dealing: [UInt8],
        index: Int,
        element: [UInt8],
        proof: [UInt8]
    ) throws(EscrowError) {
        try requireCount(dealing, EscrowScope.digestCount, at: EscrowPlace(.dealing))
        self.init(
            dealingDigest: dealing,
            index: try TrusteeIndex(index),
            element: try readElement(element, at: EscrowPlace(.element)),
            proof: try ProofPair(proof, at: EscrowPlace(.proof))
        )
    }
}
