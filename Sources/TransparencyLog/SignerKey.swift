// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
package import Sodium

/// A signing key as text: `PRIVATE+KEY+name+hhhhhhhh+base64(01 ‖ seed)`.
///
/// The format is that of Go's `note` package; no specification covers it. It carries a name and an
/// Ed25519 seed, for notes and cosignatures alike.
package struct SignerKey: ~Copyable {
    private static let prefix = Array("PRIVATE+KEY+".utf8)
    private static let typeByte: UInt8 = 0x01

    /// Who signs.
    package let name: KeyName
    /// The 32-byte Ed25519 seed.
    package let seed: SecretBytes

    /// A key with this name.
    package init(name: KeyName, seed: consuming SecretBytes) {
        self.name = name
        self.seed = seed
    }

    /// Reads a key; one line feed may follow it.
    ///
    /// - Throws: `.malformedKey`, `.malformedName`.
    package init(parsing text: borrowing SecretBytes) throws(TransparencyLogError) {
        var bytes = text.reveal()
        if bytes.last == 0x0a { bytes.removeLast() }
        defer { wipe(&bytes) }
        guard bytes.starts(with: Self.prefix) else { throw .malformedKey }
        let parts = bytes.dropFirst(Self.prefix.count).split(
            separator: UInt8(ascii: "+"),
            maxSplits: 2,
            omittingEmptySubsequences: false
        )
        guard parts.count == 3 else { throw .malformedKey }
        let name = try KeyName(String(decoding: parts[0], as: UTF8.self))
        guard var blob = try? Base64.decode(parts[2]) else {
            // Where a secret is malformed is nobody's business.
            throw .malformedKey
        }
        defer { wipe(&blob) }
        guard blob.count == 1 + Ed25519.keyCount, blob[0] == Self.typeByte else {
            throw .malformedKey
        }
        let seed = SecretBytes(copying: Array(blob.dropFirst()))
        let keyID = try Self.keyID(name: name, seed: seed)
        guard parts[1].elementsEqual(Hex.encode(keyID.bigEndianBytes).utf8) else {
            throw .malformedKey
        }
        self.init(name: name, seed: seed)
    }

    /// The key as text, without a line feed.
    package func encoded() -> SecretBytes {
        var blob = [Self.typeByte] + seed.reveal()
        defer { wipe(&blob) }
        guard let keyID = try? Self.keyID(name: name, seed: seed) else {
            preconditionFailure("a seed has 32 bytes")
        }
        var text =
            Self.prefix + Array("\(name)+\(Hex.encode(keyID.bigEndianBytes))+".utf8)
            + Array(Base64.encode(blob).utf8)
        return SecretBytes(wiping: &text)
    }

    /// The Ed25519 key.
    ///
    /// - Throws: `.malformedKey` when the seed has not 32 bytes.
    package func secretKey() throws(TransparencyLogError) -> Ed25519.SecretKey {
        try Self.secretKey(seed)
    }

    private static func secretKey(
        _ seed: borrowing SecretBytes
    ) throws(TransparencyLogError) -> Ed25519.SecretKey {
        do {
            return try Ed25519.SecretKey(seed: seed)
        } catch {
            throw .malformedKey
        }
    }

    private static func keyID(
        name: KeyName,
        seed: borrowing SecretBytes
    ) throws(TransparencyLogError) -> UInt32 {
        let publicKey = try secretKey(seed).publicKey.bytes
        return NoteVerifier.keyID(name: name, typeByte: typeByte, key: publicKey)
    }
}
