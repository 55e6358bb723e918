// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Sodium

/// A linkable ring signature: one member of the ring signed, and nobody can tell which.
///
/// Equal tags mean equal signers, for one subject in one epoch; equal quota tags mean that a slot
/// was used twice. Nothing else links two signatures.
///
/// Spec: `docs/spec/ring-vouch.md`, section 5; Liu, Wei and Wong, "Linkable Spontaneous Anonymous
/// Group Signature for Ad Hoc Groups" (2004), with a second tag.
package struct RingSignature: Equatable, Hashable, Sendable {
    /// c_0.
    let challenge: Scalar
    /// r_0 … r_(n−1).
    let responses: [Scalar]
    /// I = x·H_t.
    package let tag: Element
    /// J = x·H_q; nil for acts without quota.
    package let quotaTag: Element?

    init(challenge: Scalar, responses: [Scalar], tag: Element, quotaTag: Element?) {
        self.challenge = challenge
        self.responses = responses
        self.tag = tag
        self.quotaTag = quotaTag
    }

    /// Bytes of a signature by a ring of this many members.
    package static func byteCount(memberCount: Int, act: RingAct) -> Int {
        Scalar.byteCount * (memberCount + (act.hasQuota ? 3 : 2))
    }

    /// Whether length and scalars are those of a signature, told without a curve operation.
    package static func isPlausible(_ bytes: [UInt8], memberCount: Int, act: RingAct) -> Bool {
        bytes.count == byteCount(memberCount: memberCount, act: act)
            && Scalar.areCanonical(bytes, count: memberCount + 1)
    }

    /// Reads a signature: c_0 ‖ r_0 … r_(n−1) ‖ I ‖ J, each 32 bytes.
    ///
    /// What is certainly no signature is refused before any element is decoded.
    ///
    /// - Parameters:
    ///   - bytes: byteCount(memberCount:act:) bytes.
    ///   - memberCount: n.
    ///   - act: Tells whether there is a J.
    /// - Throws: `.wrongLength`, `.invalidScalar`, `.invalidElement`.
    package init(_ bytes: [UInt8], memberCount: Int, act: RingAct) throws(RingRefusal) {
        guard bytes.count == Self.byteCount(memberCount: memberCount, act: act) else {
            throw .wrongLength
        }
        // Before anything is made of them: this is what junk costs.
        guard Scalar.areCanonical(bytes, count: memberCount + 1) else { throw .invalidScalar }
        func part(_ index: Int) -> [UInt8] {
            let start = Scalar.byteCount * index
            return Array(bytes[start..<(start + Scalar.byteCount)])
        }
        var scalars: [Scalar] = []
        scalars.reserveCapacity(memberCount + 1)
        for index in 0...memberCount {
            guard let scalar = try? Scalar(canonical: part(index)) else { throw .invalidScalar }
            scalars.append(scalar)
        }
        challenge = scalars.removeFirst()
        responses = scalars
        guard let tag = try? Element(nonIdentity: part(memberCount + 1)) else {
            throw .invalidElement
        }
        self.tag = tag
        guard act.hasQuota else {
            quotaTag = nil
            return
        }
        guard let quotaTag = try? Element(nonIdentity: part(memberCount + 2)) else {
            throw .invalidElement
        }
        self.quotaTag = quotaTag
    }

    /// The signature as init(_:memberCount:act:) reads it.
    package var bytes: [UInt8] {
        var bytes = challenge.bytes
        for response in responses { bytes += response.bytes }
        return bytes + tag.bytes + (quotaTag?.bytes ?? [])
    }

    /// Verifies that a member of the ring signed the message.
    ///
    /// - Throws: `.wrongLength` for another ring's number of members, `.wrongSlot` for a quota tag
    ///   where there is no quota or the reverse, `.notValid`.
    /// - Complexity: O(n): six multiplications for each member with a quota, four without.
    package func verify(_ message: RingMessage, by ring: Ring) throws(RingRefusal) {
        guard responses.count == ring.members.count else { throw .wrongLength }
        guard (quotaTag != nil) == message.act.hasQuota else { throw .wrongSlot }
        let pairs = Self.pairs(message, tag, quotaTag)
        let transcript = message.transcript(ringDigest: ring.digest, tags: pairs.map(\.tag))
        var c = challenge
        for (index, member) in ring.members.enumerated() {
            let r = responses[index]
            // L_i = r_i·G + c_i·P_i, R_i = r_i·H_t + c_i·I, Q_i = r_i·H_q + c_i·J
            var commitments = [Element.base(times: r) + c * member]
            for pair in pairs { commitments.append(r * pair.base + c * pair.tag) }
            c = RingSuite.challenge(transcript, UInt32(index), commitments)
        }
        guard c == challenge else { throw .notValid }
    }

    /// The bases with their tags: (H_t, I), and (H_q, J) where there is a quota.
    static func pairs(
        _ message: RingMessage,
        _ tag: Element,
        _ quotaTag: Element?
    ) -> [(base: Element, tag: Element)] {
        var pairs = [(base: message.tagBase, tag: tag)]
        if let base = message.quotaBase, let quotaTag { pairs.append((base, quotaTag)) }
        return pairs
    }
}
