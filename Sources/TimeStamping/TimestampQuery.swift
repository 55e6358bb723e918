// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A request that an authority confirm that a digest existed now.
///
/// Spec: RFC 3161, section 2.4.1: version 1, a SHA-256 imprint, a nonce, `certReq` true.
package struct TimestampQuery: Equatable, Sendable {
    /// Bytes in the digest.
    package static let digestCount = 32
    /// Bytes in the nonce.
    package static let nonceCount = 16

    /// SHA-256 of the data.
    package let digest: [UInt8]
    /// Random; the response has to repeat it, so that an old one cannot be passed off as new.
    package let nonce: [UInt8]

    /// A query.
    ///
    /// - Parameters:
    ///   - digest: SHA-256 of the data.
    ///   - random: 16 random bytes; the first is made a positive number's.
    package init(digest: [UInt8], random: [UInt8]) {
        precondition(digest.count == Self.digestCount && random.count == Self.nonceCount)
        self.digest = digest
        // DER writes an integer in as few bytes as it takes: the first is 01...7F.
        nonce = [random[0] & 0x7f | 0x40] + random.dropFirst()
    }

    /// The DER form.
    package var bytes: [UInt8] {
        // AlgorithmIdentifier of SHA-256, 2.16.840.1.101.3.4.2.1, with NULL parameters.
        let algorithm: [UInt8] = [
            0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0,
        ]
        let version: [UInt8] = [0x02, 0x01, 0x01]
        let certificatesRequested: [UInt8] = [0x01, 0x01, 0xff]
        let imprint = Self.element(0x30, algorithm + Self.element(0x04, digest))
        return Self.element(
            0x30,
            version + imprint + Self.element(0x02, nonce) + certificatesRequested
        )
    }

    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        precondition(content.count < 0x80, "a length of one byte")
        return [tag, UInt8(content.count)] + content
    }
}
