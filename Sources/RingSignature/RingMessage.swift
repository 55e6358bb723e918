// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Sodium

/// What is signed: an act for a subject in an epoch, and the statement that says so.
///
/// Spec: `docs/spec/ring-vouch.md`, section 4.
package struct RingMessage: Equatable, Sendable {
    /// What the member does.
    package let act: RingAct
    /// ctx: SHA-256 of the log's origin line, 32 bytes.
    package let context: [UInt8]
    /// Number of the constituency whose ring it is.
    package let constituency: UInt16
    /// sid: 32 bytes.
    package let subject: [UInt8]
    /// The epoch: a member has one tag for a subject in each.
    package let epoch: UInt64
    /// Which of the epoch's quota is used; nil for acts without quota.
    package let slot: UInt16?
    /// SHA-256 of the canonical statement, 32 bytes.
    package let statementDigest: [UInt8]

    /// Puts the parts together.
    ///
    /// - Throws: `.wrongLength`, `.wrongSlot`.
    package init(
        act: RingAct,
        context: [UInt8],
        constituency: UInt16,
        subject: [UInt8],
        epoch: UInt64,
        slot: UInt16?,
        statementDigest: [UInt8]
    ) throws(RingRefusal) {
        let digests = [context, subject, statementDigest]
        guard digests.allSatisfy({ $0.count == RingSuite.digestCount }) else { throw .wrongLength }
        guard (slot != nil) == act.hasQuota else { throw .wrongSlot }
        self.act = act
        self.context = context
        self.constituency = constituency
        self.subject = subject
        self.epoch = epoch
        self.slot = slot
        self.statementDigest = statementDigest
    }

    /// H_t, the base of the tag: subject and epoch, and not the ring, so that an organisation that
    /// was smuggled into two rings still has one tag.
    var tagBase: Element {
        let message = context + subject + RingSuite.bigEndian(epoch)
        return Element(hashing: message, domain: act.domain("tag"))
    }

    /// H_q, the base of the quota tag; nil for acts without quota.
    var quotaBase: Element? {
        guard let slot else { return nil }
        let message =
            context + RingSuite.bigEndian(constituency) + RingSuite.bigEndian(epoch)
            + RingSuite.bigEndian(slot)
        return Element(hashing: message, domain: act.domain("quota"))
    }

    /// T: everything that the challenges are bound to.
    ///
    /// - Parameters:
    ///   - ringDigest: rd.
    ///   - tags: I, and J where there is a quota.
    /// - Returns: 64 bytes.
    func transcript(ringDigest: [UInt8], tags: [Element]) -> [UInt8] {
        var message = act.domain("transcript") + context + ringDigest
        message += RingSuite.bigEndian(constituency) + subject + RingSuite.bigEndian(epoch)
        if let slot { message += RingSuite.bigEndian(slot) }
        for tag in tags { message += tag.bytes }
        return SHA512.hash(message + statementDigest)
    }
}
