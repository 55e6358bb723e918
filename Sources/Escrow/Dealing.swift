// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import Sodium

/// A dealt secret, as it is published: commitments, encrypted shares and one proof for all.
///
/// Reading one checks encodings and counts; ``verified(in:)`` checks what it claims.
///
/// Spec: `docs/spec/escrow.md`, section 5.
package struct Dealing: Equatable, Sendable {
    /// Digest of the context the secret was dealt in, 32 bytes.
    package let contextDigest: [UInt8]
    /// C_0…C_(k−1) = a_j · G2.
    package let commitments: [Element]
    /// Y_1…Y_n = f(i) · y_i.
    package let encryptedShares: [Element]
    /// c, one challenge over all first messages.
    package let challenge: Scalar
    /// z_1…z_n.
    package let responses: [Scalar]

    init(
        contextDigest: [UInt8],
        commitments: [Element],
        encryptedShares: [Element],
        challenge: Scalar,
        responses: [Scalar]
    ) {
        self.contextDigest = contextDigest
        self.commitments = commitments
        self.encryptedShares = encryptedShares
        self.challenge = challenge
        self.responses = responses
    }

    /// Checks, with no secret, that any k encrypted shares give the one committed secret.
    ///
    /// - Parameter context: Who may open, and for what.
    /// - Returns: The dealing with its context, as ``TrusteeSecret/open(_:entropy:)`` needs it.
    /// - Throws: `.otherContext`, `.wrongDegree`, `.wrongShareCount`, `.wrongResponseCount`,
    ///   `.dealingNotProven`.
    /// - Complexity: 4n multiplications of group elements and (n + k) · k additions, a quarter of
    ///   a multiplication each.
    package func verified(in context: EscrowContext) throws(EscrowError) -> VerifiedDealing {
        try requireShape(of: context)
        try verify(keys: context.trustees.map(\.key))
        return VerifiedDealing(checked: self, context: context)
    }

    /// Checks the proof for these keys, one an encrypted share.
    ///
    /// - Throws: `.dealingNotProven`.
    func verify(keys: [Element]) throws(EscrowError) {
        precondition(keys.count == encryptedShares.count, "a key for each share")
        let images = committedImages()
        let statement = Self.statement(
            context: contextDigest,
            commitments: commitments,
            images: images,
            encryptedShares: encryptedShares
        )
        var transcript = Self.challengeTranscript(context: contextDigest, statement: statement)
        for (position, key) in keys.enumerated() {
            let pair = ProofPair(challenge: challenge, response: responses[position])
            // R1 = z_i · G2 − c · X_i, R2 = z_i · y_i − c · Y_i
            transcript.append(pair.firstMessage(base: .secondGenerator, image: images[position]))
            let share = encryptedShares[position]
            transcript.append(pair.firstMessage(base: key, image: share))
        }
        guard transcript.challenge() == challenge else { throw .dealingNotProven }
    }

    private func requireShape(of context: EscrowContext) throws(EscrowError) {
        guard contextDigest == context.digest else { throw .otherContext }
        let trusteeCount = context.trustees.count
        guard commitments.count == context.threshold else {
            throw .wrongDegree(expected: context.threshold, actual: commitments.count)
        }
        guard encryptedShares.count == trusteeCount else {
            throw .wrongShareCount(expected: trusteeCount, actual: encryptedShares.count)
        }
        guard responses.count == trusteeCount else {
            throw .wrongResponseCount(expected: trusteeCount, actual: responses.count)
        }
    }

    /// X_1…X_n: f(i) · G2, from the commitments.
    ///
    /// The first k values of f, that at 0 among them, by Horner's rule; the others by differences,
    /// whose (k−1)-th are all the same. So nearly all of it is additions.
    func committedImages() -> [Element] {
        let k = commitments.count
        var values = (0..<k).map { point in
            point == 0 ? commitments[0] : committedImage(at: point)
        }
        // The last difference of each order: first f(k−1), then f(k−1) − f(k−2), …
        var edge: [Element] = []
        var row = values
        while let last = row.last {
            edge.append(last)
            row = zip(row.dropFirst(), row).map { $0 - $1 }
        }
        while values.count <= encryptedShares.count {
            for order in stride(from: k - 2, through: 0, by: -1) {
                edge[order] = edge[order] + edge[order + 1]
            }
            values.append(edge[0])
        }
        return Array(values.dropFirst().prefix(encryptedShares.count))
    }

    private func committedImage(at point: Int) -> Element {
        commitments.dropLast().reversed().reduce(commitments[commitments.count - 1]) {
            $0.multiple(point) + $1
        }
    }

    /// SHA-256 over the context, all commitments, all images X_i and all encrypted shares.
    static func statement(
        context: [UInt8],
        commitments: [Element],
        images: [Element],
        encryptedShares: [Element]
    ) -> [UInt8] {
        var hasher = SHA256()
        hasher.update(EscrowLabel.dealingStatement.framed)
        hasher.update(context)
        for element in commitments + images + encryptedShares {
            hasher.update(element.bytes)
        }
        return hasher.finish()
    }

    /// The start of the challenge; the first messages R1, R2 of every trustee follow.
    static func challengeTranscript(context: [UInt8], statement: [UInt8]) -> Transcript {
        var transcript = Transcript(.dealingChallenge)
        transcript.append(context)
        transcript.append(statement)
        return transcript
    }
}

/// A dealing whose proof was checked in its context.
package struct VerifiedDealing: Equatable, Sendable {
    /// Who may open, and for what.
    package let context: EscrowContext
    /// What was published.
    package let dealing: Dealing
    /// SHA-256 over the whole dealing, proof included; 32 bytes.
    package let digest: [UInt8]

    fileprivate init(checked dealing: Dealing, context: EscrowContext) {
        self.context = context
        self.dealing = dealing
        digest = dealing.digest
    }

    /// Y_i.
    func encryptedShare(of index: TrusteeIndex) -> Element {
        dealing.encryptedShares[index.position]
    }
}

extension Element {
    /// From here on doubling and adding costs more than a multiplication.
    private static let smallCount = 16

    /// A small public multiple.
    fileprivate func multiple(_ count: Int) -> Element {
        guard (1..<Self.smallCount).contains(count) else { return Scalar(UInt64(count)) * self }
        var result = self
        let top = Int.bitWidth - 1 - count.leadingZeroBitCount
        for bit in (0..<top).reversed() {
            result = result + result
            if count >> bit & 1 == 1 { result = result + self }
        }
        return result
    }
}
