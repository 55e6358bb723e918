// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
package import Sodium

/// An Ed25519 key that cosigns checkpoints with a time, a witness's key for example.
///
/// Spec: C2SP `tlog-cosignature`, type 04, `cosignature/v1`. The message does not name the
/// cosigner, so each cosigner has a key of its own.
package final class Cosigner: Sendable {
    private static let label = "cosignature/v1\n"

    /// The public half.
    package let verifier: NoteVerifier
    private let key: Ed25519.SecretKey

    /// A cosigner with this name.
    package init(name: KeyName, key: consuming Ed25519.SecretKey) {
        verifier = NoteVerifier(name: name, algorithm: .cosignature, publicKey: key.publicKey)
        self.key = key
    }

    /// Reads the key file format that Go's note package introduced; see ``SignerKey``.
    ///
    /// - Throws: `.malformedKey`, `.malformedName`.
    package convenience init(
        parsing text: borrowing SecretBytes
    ) throws(TransparencyLogError) {
        let signer = try SignerKey(parsing: text)
        self.init(name: signer.name, key: try signer.secretKey())
    }

    /// Cosigns a checkpoint.
    ///
    /// - Parameters:
    ///   - text: The whole text of the checkpoint, its final line feed included.
    ///   - time: Seconds since 1970, not negative.
    /// - Returns: The line to put under the checkpoint.
    package func cosign(_ text: [UInt8], time: Int64) -> NoteSignature {
        precondition(time >= 0, "cosignature times are not negative")
        let signature = key.sign(Self.message(text, time: time))
        return NoteSignature(
            name: verifier.name,
            keyID: verifier.keyID,
            bytes: UInt64(time).bigEndianBytes + signature
        )
    }

    /// The key in the format that ``init(parsing:)`` reads.
    package func encoded() -> SecretBytes {
        SignerKey(name: verifier.name, seed: key.seed()).encoded()
    }

    static func message(_ text: [UInt8], time: Int64) -> [UInt8] {
        Array((label + "time \(time)\n").utf8) + text
    }

    /// The last time that a cosignature may name: the end of the year 9999.
    ///
    /// RFC 3339 can write none after it, and what adds to times never overflows.
    static let timeMax: Int64 = 253_402_300_799

    /// Splits the payload of a signature line: eight bytes of time, then the signature.
    static func split(_ payload: [UInt8]) -> (time: Int64, signature: [UInt8])? {
        guard payload.count == 8 + Ed25519.signatureCount else { return nil }
        let value = payload.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let time = Int64(exactly: value), time <= timeMax else { return nil }
        return (time, Array(payload.dropFirst(8)))
    }
}
