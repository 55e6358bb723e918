// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Sodium

/// A file key sealed under a key that is used once: the body of X25519 and scrypt stanzas.
///
/// Spec: C2SP `age.md`: ChaCha20-Poly1305 with a nonce of 12 zero bytes.
enum WrappedKey {
    /// Bytes in the body.
    static let count = FileKey.count + ChaChaPoly.tagCount
    private static let nonce = [UInt8](repeating: 0, count: ChaChaPoly.nonceCount)

    static func seal(_ fileKey: borrowing FileKey, under key: borrowing SecretBytes) -> [UInt8] {
        do {
            return try ChaChaPoly.seal(fileKey.bytes, key: key, nonce: nonce)
        } catch {
            preconditionFailure("key and nonce have the lengths of ChaCha20-Poly1305")
        }
    }

    /// Opens a body of the right length.
    ///
    /// - Returns: The file key, or `nil` when it was sealed under another key.
    static func open(_ body: [UInt8], under key: borrowing SecretBytes) -> FileKey? {
        // The length is checked before the tag, since a longer key under the same tag would tell
        // two recipients two different things.
        precondition(body.count == count, "length checked by the stanza's parser")
        do {
            return FileKey(try ChaChaPoly.open(body, key: key, nonce: nonce))
        } catch {
            return nil
        }
    }
}
