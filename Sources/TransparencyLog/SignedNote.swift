// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A text with signatures under it.
///
/// Spec: C2SP `signed-note`. The signed bytes are the text with its final line feed, without the
/// blank line that ends it.
package struct SignedNote: Equatable, Sendable {
    /// Longest note, in bytes.
    package static let countMax = 1 << 20
    /// Most signature lines.
    package static let signatureCountMax = 64

    /// A signature that was verified.
    package struct Verified: Equatable, Sendable {
        /// Whose key verified it.
        package let verifier: NoteVerifier
        /// Seconds since 1970 that a cosignature vouches for; 0 where the kind carries no time.
        package let time: Int64
    }

    /// The signed text, UTF-8, ending in a line feed.
    package let text: [UInt8]
    /// Signature lines in their order.
    package private(set) var signatures: [NoteSignature]

    /// A note with these parts.
    ///
    /// - Parameters:
    ///   - text: Ends in a line feed.
    ///   - signatures: Lines below it.
    package init(text: [UInt8], signatures: [NoteSignature]) {
        precondition(text.last == 0x0a, "the text of a note ends in a line feed")
        self.text = text
        self.signatures = signatures
    }

    /// Reads a note.
    ///
    /// - Throws: `.malformedNote` with the line, `.tooLong`.
    package init(parsing bytes: [UInt8]) throws(TransparencyLogError) {
        guard bytes.count <= Self.countMax else { throw .tooLong(limit: Self.countMax) }
        var line = 1
        for byte in bytes {
            guard byte >= 0x20 || byte == 0x0a else { throw .malformedNote(line: line) }
            if byte == 0x0a { line += 1 }
        }
        guard bytes.last == 0x0a, String(validating: bytes, as: UTF8.self) != nil,
            let blank = Self.lastBlankLine(of: bytes)
        else { throw .malformedNote(line: line) }
        text = Array(bytes[...blank])
        signatures = []
        line = text.count { $0 == 0x0a } + 2
        let lines = bytes[(blank + 2)...].dropLast().split(
            separator: 0x0a,
            omittingEmptySubsequences: false
        )
        for signatureLine in lines {
            guard signatures.count < Self.signatureCountMax,
                let signature = try? NoteSignature(parsing: signatureLine)
            else {
                // Only the place is worth knowing.
                throw .malformedNote(line: line)
            }
            signatures.append(signature)
            line += 1
        }
    }

    /// The whole note.
    package var encoded: [UInt8] {
        var bytes = text + [0x0a]
        for signature in signatures {
            bytes += Array(signature.line.utf8) + [0x0a]
        }
        return bytes
    }

    /// Adds a signature, in place of an older one by the same key.
    package mutating func add(_ signature: NoteSignature) {
        signatures.removeAll { $0.name == signature.name && $0.keyID == signature.keyID }
        signatures.append(signature)
    }

    /// Verifies all signatures by known keys and skips the others.
    ///
    /// - Parameter verifiers: Known keys.
    /// - Returns: The valid signatures, one for each key at most, in the order of the lines.
    /// - Throws: `.invalidSignature` when one by a known key does not verify, `.noKnownSignature`
    ///   when there is none.
    package func verify(
        _ verifiers: [NoteVerifier]
    ) throws(TransparencyLogError) -> [Verified] {
        var verified: [Verified] = []
        for (index, signature) in signatures.enumerated() {
            for verifier in verifiers where verifier.isNamed(by: signature) {
                guard let time = verifier.time(of: signature, on: text) else {
                    throw .invalidSignature(line: index + 1)
                }
                if !verified.contains(where: { $0.verifier == verifier }) {
                    verified.append(Verified(verifier: verifier, time: time))
                }
                break
            }
        }
        guard !verified.isEmpty else { throw .noKnownSignature }
        return verified
    }

    /// Offset of the line feed that ends the text before the last blank line.
    private static func lastBlankLine(of bytes: [UInt8]) -> Int? {
        guard bytes.count >= 3 else { return nil }
        return (0..<(bytes.count - 1)).last { bytes[$0] == 0x0a && bytes[$0 + 1] == 0x0a }
            .flatMap { $0 + 2 < bytes.count ? $0 : nil }
    }
}
