// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Sodium
internal import Statements
internal import Synchronization

/// Numbers that are good for one request each.
///
/// A nonce carries the node's own tag, so that asking for many costs the node no memory; only used
/// ones are remembered, until they would have ended anyway. A node that starts again knows none of
/// the earlier ones.
///
/// Spec: `docs/spec/node.md`, section 6.1.
final class UploadNonces: Sendable {
    /// Seconds for which a nonce is good.
    static let seconds: Int64 = 600
    private static let timeCount = 8
    private static let randomCount = 16
    private static let usedCountMax = 1 << 20

    private let key = SecretBytes(random: 32)
    private let used = Mutex<[[UInt8]: Int64]>([:])

    /// A fresh nonce.
    func make(now: Int64) -> [UInt8] {
        let end = UInt64(clamping: now + Self.seconds)
        let body = bigEndian(end) + randomBytes(Self.randomCount)
        let nonce = body + HMACSHA256.authenticate(body, key: key)
        precondition(nonce.count == UploadStatement.nonceCount, "as the statement has it")
        return nonce
    }

    /// Uses a nonce up.
    ///
    /// - Returns: Whether it was ours and good.
    func use(_ nonce: [UInt8], now: Int64) -> Bool {
        let bodyCount = Self.timeCount + Self.randomCount
        guard nonce.count == UploadStatement.nonceCount else { return false }
        let body = Array(nonce[..<bodyCount])
        let tag = SecretBytes(copying: Array(nonce[bodyCount...]))
        let expected = SecretBytes(copying: HMACSHA256.authenticate(body, key: key))
        guard expected.constantTimeEquals(tag) else { return false }
        let end = body[..<Self.timeCount].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        guard end >= now else { return false }
        return used.withLock { used in
            if used.count >= Self.usedCountMax { used = used.filter { $0.value >= now } }
            guard used.count < Self.usedCountMax else { return false }
            return used.updateValue(end, forKey: nonce) == nil
        }
    }

    private func bigEndian(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * UInt64($0))) }
    }
}
