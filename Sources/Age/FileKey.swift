// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Sodium

/// The key of one file, from which the keys of its header and payload are derived.
///
/// Spec: C2SP `age.md`, "File key", "Header MAC", "Payload".
package struct FileKey: ~Copyable, Sendable {
    /// Bytes in a file key.
    package static let count = 16
    static let nonceCount = 16

    /// The 16 bytes.
    package let bytes: SecretBytes

    /// Draws a new file key.
    init() {
        bytes = SecretBytes(random: Self.count)
    }

    /// A file key that came out of a stanza.
    ///
    /// - Parameter bytes: 16 bytes; recipients checked the length of what they opened.
    package init(_ bytes: consuming SecretBytes) {
        precondition(bytes.count == Self.count, "a file key has 16 bytes")
        self.bytes = bytes
    }

    /// HMAC-SHA-256 under HKDF(file key, salt = "", info = "header").
    func headerMAC(of header: [UInt8]) -> [UInt8] {
        let key = HKDFSHA256.derive(
            secret: bytes,
            salt: [],
            info: Array("header".utf8),
            count: HMACSHA256.tagCount
        )
        return HMACSHA256.authenticate(header, key: key)
    }

    /// HKDF(file key, salt = nonce, info = "payload").
    func payloadKey(nonce: [UInt8]) -> SecretBytes {
        precondition(nonce.count == Self.nonceCount, "a payload nonce has 16 bytes")
        return HKDFSHA256.derive(
            secret: bytes,
            salt: nonce,
            info: Array("payload".utf8),
            count: ChaChaPoly.keyCount
        )
    }
}
