// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import TimeStamping
package import TransparencyLog

/// A checkpoint that a home keeps byte for byte, and what time-stamping authorities said of it.
///
/// Spec: `docs/spec/vault.md`, section 10.
package struct KeptCheckpoint: Equatable, Sendable {
    /// The answer of an authority.
    package struct Token: Equatable, Sendable {
        /// As it came.
        package let response: TimestampResponse
        /// The certificates that it was accepted under, in PEM.
        package let roots: [UInt8]
        /// SHA-256 of the response: what a statement binds.
        package let digest: [UInt8]

        package init(response: TimestampResponse, roots: [UInt8]) {
            self.response = response
            self.roots = roots
            digest = SHA256.hash(response.bytes)
        }
    }

    /// The longest checkpoint that is kept: C2SP notes are shorter.
    package static let byteCountMax = SignedNote.countMax

    /// The signed note as it was.
    package let bytes: [UInt8]
    /// The same, read.
    package let note: SignedNote
    /// What it says.
    package let checkpoint: Checkpoint
    /// SHA-256 of the bytes: what statements bind and authorities confirm.
    package let digest: [UInt8]
    /// Answers of authorities about it.
    package let tokens: [Token]

    /// Reads a checkpoint that the log signed.
    ///
    /// - Throws: `TransparencyLogError`.
    package init(_ bytes: [UInt8], log: NoteVerifier, tokens: [Token] = []) throws {
        note = try SignedNote(parsing: bytes)
        checkpoint = try Checkpoint.open(note, log: log)
        self.bytes = bytes
        digest = SHA256.hash(bytes)
        self.tokens = tokens
    }

    /// Verifies an answer about this checkpoint.
    ///
    /// - Parameters:
    ///   - token: One of ``tokens``.
    ///   - roots: Certificates to start from; nil takes those that the token was accepted under.
    /// - Returns: What it says.
    /// - Throws: `TimestampError`.
    package func verify(
        _ token: Token,
        roots: [UInt8]?
    ) throws(TimestampError) -> TimestampResponse.Facts {
        try token.response.verify(digest: digest, roots: roots ?? token.roots)
    }
}
