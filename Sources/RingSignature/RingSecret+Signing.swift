// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Sodium

extension RingSecret {
    /// The index in the nonce of α, which no member has.
    private static let ownNonceIndex = UInt32.max

    /// Signs as a member of a ring.
    ///
    /// Neither time nor memory accesses tell which member signs: the ring is turned so that the
    /// signer comes first, everything is computed in that order, and the responses are turned back.
    ///
    /// Spec: `docs/spec/ring-vouch.md`, section 5.
    ///
    /// - Parameters:
    ///   - message: What is signed.
    ///   - ring: With this secret's key in it.
    ///   - entropy: 32 random bytes, or fixed ones for test vectors.
    /// - Returns: A signature that ``RingSignature/verify(_:by:)`` accepts.
    /// - Throws: `.notAMember`.
    /// - Complexity: O(n): as many multiplications as verifying.
    package func sign(
        _ message: RingMessage,
        in ring: Ring,
        entropy: borrowing SecretBytes = SecretBytes(random: entropyCount)
    ) throws(RingRefusal) -> RingSignature {
        guard let own = ring.place(of: key) else { throw .notAMember }
        let tag = message.tagBase.times(secret)
        let quotaTag = message.quotaBase?.times(secret)
        let pairs = RingSignature.pairs(message, tag, quotaTag)
        let transcript = message.transcript(ringDigest: ring.digest, tags: pairs.map(\.tag))
        let memberCount = ring.members.count
        let turned = ConstantTime.rotate(ring.members.map(\.bytes), by: own)

        // L_s = α·G, R_s = α·H_t, Q_s = α·H_q; c_(s+1) = c'(s)
        let nonces = nonces(for: transcript, entropy)
        let alpha = nonces.secret(Self.ownNonceIndex)
        var commitments = [Element.base(times: alpha)]
        for pair in pairs { commitments.append(pair.base.times(alpha)) }
        var index = own
        var c = RingSuite.challenge(transcript, UInt32(index), commitments)
        var responses = [[UInt8]](repeating: Scalar.zero.bytes, count: 1)
        var first = c.bytes
        for place in 1..<max(memberCount, 1) {
            index = Self.next(index, memberCount)
            // Whoever is member 0 gets c_0.
            first = ConstantTime.select(ConstantTime.mask(isZero: index), c.bytes, first)
            let r = nonces.published(UInt32(index))
            let member = Self.member(turned[place])
            commitments = [Element.base(times: r) + c * member]
            for pair in pairs { commitments.append(r * pair.base + c * pair.tag) }
            c = RingSuite.challenge(transcript, UInt32(index), commitments)
            responses.append(r.bytes)
        }
        // Now c is c_s, and c_0 too if the signer is member 0.
        first = ConstantTime.select(ConstantTime.mask(isZero: own), c.bytes, first)
        // r_s = α − c_s·x
        responses[0] = alpha.minus(secret.times(c)).reveal().bytes
        let back = Self.next(memberCount - 1 - own, memberCount)
        return RingSignature(
            challenge: Self.scalar(first),
            responses: ConstantTime.rotate(responses, by: back).map(Self.scalar),
            tag: tag,
            quotaTag: quotaTag
        )
    }

    /// The tags that this member's signature on a message carries, to look for them in a log.
    ///
    /// - Parameter message: What would be signed.
    /// - Returns: I, and J where there is a quota.
    package func tags(on message: RingMessage) -> (tag: Element, quotaTag: Element?) {
        (message.tagBase.times(secret), message.quotaBase?.times(secret))
    }

    /// One more, modulo the number of members, without a branch.
    private static func next(_ index: Int, _ memberCount: Int) -> Int {
        let next = index + 1
        return next & ~ConstantTime.mask(isZero: next ^ memberCount)
    }

    private static func member(_ bytes: [UInt8]) -> Element {
        do {
            return try Element(canonical: bytes)
        } catch {
            preconditionFailure("a ring holds elements")
        }
    }

    private static func scalar(_ bytes: [UInt8]) -> Scalar {
        do {
            return try Scalar(canonical: bytes)
        } catch {
            preconditionFailure("challenges and responses are reduced")
        }
    }
}
