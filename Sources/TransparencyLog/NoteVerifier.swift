// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
package import Sodium

/// A public key that verifies signatures on notes.
///
/// Spec: C2SP `signed-note` and `tlog-cosignature`.
package struct NoteVerifier: Hashable, Sendable {
    /// How a signature is made; the number is the type byte of the key.
    package enum Algorithm: Hashable, Sendable {
        /// Type 01: Ed25519 over the text of the note.
        case ed25519
        /// Type 04: Ed25519 over a checkpoint and a time.
        case cosignature
        /// Another type. Its signatures are skipped like those of unknown keys.
        case other(UInt8)

        /// The type byte.
        package var typeByte: UInt8 {
            switch self {
            case .ed25519: 0x01
            case .cosignature: 0x04
            case .other(let byte): byte
            }
        }

        init(typeByte: UInt8) {
            switch typeByte {
            case 0x01: self = .ed25519
            case 0x04: self = .cosignature
            default: self = .other(typeByte)
            }
        }
    }

    /// Longest encoded key, in bytes: enough for ML-DSA-44, the longest type there is.
    package static let encodedCountMax = 4096

    /// Who signs.
    package let name: KeyName
    /// First four bytes of SHA-256(name ‖ 0A ‖ type ‖ key): tells keys of one name apart.
    package let keyID: UInt32
    /// How the key signs.
    package let algorithm: Algorithm
    /// The public key.
    package let key: [UInt8]

    /// The verifier of an Ed25519 key.
    ///
    /// - Parameters:
    ///   - name: Who signs.
    ///   - algorithm: `.ed25519` or `.cosignature`.
    ///   - publicKey: The key.
    package init(name: KeyName, algorithm: Algorithm, publicKey: Ed25519.PublicKey) {
        self.name = name
        self.algorithm = algorithm
        key = publicKey.bytes
        keyID = Self.keyID(name: name, typeByte: algorithm.typeByte, key: key)
    }

    /// Reads a vkey: `name+hhhhhhhh+base64(type ‖ key)`.
    ///
    /// - Throws: `.malformedKey`, `.malformedName`.
    package init(parsing text: String) throws(TransparencyLogError) {
        let parts = text.utf8.split(
            separator: UInt8(ascii: "+"),
            maxSplits: 2,
            omittingEmptySubsequences: false
        )
        guard text.utf8.count <= Self.encodedCountMax, parts.count == 3 else {
            throw .malformedKey
        }
        let name = try KeyName(String(decoding: parts[0], as: UTF8.self))
        let blob: [UInt8]
        do {
            blob = try Base64.decode(parts[2])
        } catch {
            throw .malformedKey
        }
        guard let typeByte = blob.first, blob.count > 1 else { throw .malformedKey }
        let algorithm = Algorithm(typeByte: typeByte)
        let key = Array(blob.dropFirst())
        if case .other = algorithm {
            // Not ours to judge.
        } else if key.count != Ed25519.keyCount {
            throw .malformedKey
        }
        self.name = name
        self.algorithm = algorithm
        self.key = key
        var keyID = Self.keyID(name: name, typeByte: typeByte, key: key)
        if typeByte == 0x02, let id = try? Hex.decode(String(Substring(parts[1]))), id.count == 4 {
            // The id of an ECDSA key is made otherwise; we take it as given.
            keyID = id.reduce(0) { $0 << 8 | UInt32($1) }
        }
        self.keyID = keyID
        guard encoded.utf8.elementsEqual(text.utf8) else { throw .malformedKey }
    }

    /// The vkey.
    package var encoded: String {
        "\(name)+\(Hex.encode(keyID.bigEndianBytes))+"
            + Base64.encode([algorithm.typeByte] + key)
    }

    /// The key id of a key.
    static func keyID(name: KeyName, typeByte: UInt8, key: [UInt8]) -> UInt32 {
        let input = Array(name.description.utf8) + [0x0a, typeByte] + key
        return SHA256.hash(input).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Whether a signature line claims to be by this key, and this software can check it.
    func isNamed(by signature: NoteSignature) -> Bool {
        if case .other = algorithm { return false }
        return signature.keyID == keyID && signature.name == name
    }

    /// Checks a signature on a note's text.
    ///
    /// - Returns: Nil when it is not this key's; else the time it carries, in seconds since 1970,
    ///   or 0 for a kind that carries none.
    func time(of signature: NoteSignature, on text: [UInt8]) -> Int64? {
        guard isNamed(by: signature), let publicKey = try? Ed25519.PublicKey(key) else {
            // The length was checked when the verifier was made.
            return nil
        }
        switch algorithm {
        case .ed25519:
            return publicKey.isValid(signature: signature.bytes, of: text) ? 0 : nil
        case .cosignature:
            guard let (time, bytes) = Cosigner.split(signature.bytes),
                publicKey.isValid(signature: bytes, of: Cosigner.message(text, time: time))
            else { return nil }
            return time
        case .other:
            return nil
        }
    }
}
