// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
package import Sodium

/// A signed payload: a DSSE v1 envelope with Ed25519 signatures.
///
/// Spec: DSSE `protocol.md` and `envelope.md` v1.0; `docs/spec/statements.md`, section 1. Stricter
/// than DSSE in what has several spellings there: the text is canonical JSON, base64 is the
/// standard alphabet with padding, key ids are never empty and sorted. So an envelope has one byte
/// form, and its hash names it.
package struct Envelope: Equatable, Hashable, Sendable {
    /// One signature and the key that made it.
    package struct Signature: Equatable, Hashable, Sendable {
        /// SHA-256 of the 32-byte public key, 32 bytes.
        package let keyDigest: [UInt8]
        /// The 64 bytes of the Ed25519 signature.
        package let bytes: [UInt8]

        /// The digest of the key in lower-case hexadecimal: the id of DSSE.
        package var keyID: String { Hex.encode(keyDigest) }

        /// The order of a list: that of the ids, which is that of the digests.
        func stands(before other: Signature) -> Bool {
            keyDigest.lexicographicallyPrecedes(other.keyDigest)
        }
    }

    /// The longest envelope: what fits an entry of a C2SP tlog-tiles bundle.
    package static let byteCountMax = 65_535
    /// The longest payload type.
    package static let payloadTypeCountMax = 128
    /// The most signatures on one payload.
    package static let signatureCountMax = 32

    /// Media type of the payload.
    package let payloadType: String
    /// The bytes that are signed, together with their type.
    package let payload: [UInt8]
    /// The signatures, one a key, sorted by key id.
    ///
    /// Empty only while an envelope is being built.
    package private(set) var signatures: [Signature]

    /// An envelope that nobody has signed yet.
    ///
    /// - Throws: `.invalidValue(field: "payloadType")` unless the type is 1...128 printable ASCII
    ///   characters; `.tooLong`.
    package init(unsigned payload: [UInt8], payloadType: String) throws(StatementError) {
        let characters = payloadType.utf8
        guard (1...Self.payloadTypeCountMax).contains(characters.count),
            characters.allSatisfy({ (0x21...0x7e).contains($0) })
        else { throw .invalidValue(field: "payloadType") }
        guard payload.count <= Self.byteCountMax else { throw .tooLong(limit: Self.byteCountMax) }
        self.payloadType = payloadType
        self.payload = payload
        signatures = []
    }

    /// What a signature covers: the pre-authentication encoding of type and payload.
    ///
    /// Spec: DSSE `protocol.md`, "Signature Definition":
    /// `"DSSEv1" SP LEN(type) SP type SP LEN(body) SP body`, lengths in decimal.
    package var signedBytes: [UInt8] {
        let type = Array(payloadType.utf8)
        return Array("DSSEv1 \(type.count) ".utf8) + type
            + Array(" \(payload.count) ".utf8) + payload
    }

    /// The id under which a key's signatures are listed.
    package static func keyID(of key: Ed25519.PublicKey) -> String {
        Hex.encode(SHA256.hash(key.bytes))
    }

    /// Adds the signature of `key`; one that it made before is replaced by the same bytes.
    ///
    /// - Throws: `.invalidSignatureList` if there are too many, `.tooLong`.
    package mutating func sign(with key: borrowing Ed25519.SecretKey) throws(StatementError) {
        let digest = SHA256.hash(key.publicKey.bytes)
        var list = signatures.filter { $0.keyDigest != digest }
        list.append(Signature(keyDigest: digest, bytes: key.sign(signedBytes)))
        list.sort { $0.stands(before: $1) }
        guard list.count <= Self.signatureCountMax else { throw .invalidSignatureList }
        signatures = list
        guard bytes.count <= Self.byteCountMax else { throw .tooLong(limit: Self.byteCountMax) }
    }

    /// Adds the signatures that others made over the same payload.
    ///
    /// - Throws: `.payloadTypeMismatch` if `other` is about something else,
    ///   `.invalidSignatureList`.
    package mutating func merge(_ other: Envelope) throws(StatementError) {
        guard other.payload == payload, other.payloadType == payloadType else {
            throw .payloadTypeMismatch
        }
        let known = Set(signatures.map(\.keyDigest))
        let list = signatures + other.signatures.filter { !known.contains($0.keyDigest) }
        guard list.count <= Self.signatureCountMax else { throw .invalidSignatureList }
        signatures = list.sorted { $0.stands(before: $1) }
        guard bytes.count <= Self.byteCountMax else { throw .tooLong(limit: Self.byteCountMax) }
    }

    /// Leaves the signatures that are right, and no others.
    ///
    /// - Parameter key: The key of an id; `nil` for one that is not known, whose signature goes.
    package mutating func keepRight(of key: (String) -> Ed25519.PublicKey?) {
        let message = signedBytes
        signatures.removeAll { signature in
            key(signature.keyID)?.isValid(signature: signature.bytes, of: message) != true
        }
    }

    /// Tells whether `key` has signed: false if it is not listed or its signature is wrong.
    package func isSigned(by key: Ed25519.PublicKey) -> Bool {
        let digest = SHA256.hash(key.bytes)
        guard let signature = signatures.first(where: { $0.keyDigest == digest }) else {
            return false
        }
        return key.isValid(signature: signature.bytes, of: signedBytes)
    }

    /// Checks the signatures of those `keys` that are listed; signatures of other keys are ignored.
    ///
    /// - Parameters:
    ///   - keys: Whose signatures count, each once.
    ///   - threshold: How many of them have to be there, 1 or more.
    /// - Returns: The keys that signed, in the order given.
    /// - Throws: `.invalidSignature` if one of `keys` is listed with a signature that is not its
    ///   own, `.notEnoughSignatures`.
    @discardableResult
    package func verify(
        keys: [Ed25519.PublicKey],
        threshold: Int = 1
    ) throws(StatementError) -> [Ed25519.PublicKey] {
        precondition(threshold >= 1, "a threshold of nobody verifies anything")
        let message = signedBytes
        var signers: [Ed25519.PublicKey] = []
        for key in keys where !signers.contains(key) {
            let digest = SHA256.hash(key.bytes)
            guard let index = signatures.firstIndex(where: { $0.keyDigest == digest }) else {
                continue
            }
            guard key.isValid(signature: signatures[index].bytes, of: message) else {
                throw .invalidSignature(index: index)
            }
            signers.append(key)
        }
        guard signers.count >= threshold else {
            throw .notEnoughSignatures(needed: threshold, valid: signers.count)
        }
        return signers
    }

    /// Puts back the list that was read from text, already checked.
    mutating func restore(_ list: [Signature]) {
        precondition(signatures.isEmpty, "an envelope is read once")
        signatures = list
    }

    /// SHA-256 of the canonical bytes: the name of this envelope with these signatures.
    package var digest: [UInt8] { SHA256.hash(bytes) }
}
