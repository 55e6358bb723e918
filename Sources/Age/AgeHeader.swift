// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Sodium

/// The header of an age file: who may open it, and a MAC over that under the file key.
///
/// Spec: C2SP `age.md`, "Header". What parses encodes to the same bytes.
package struct AgeHeader: Equatable, Sendable {
    /// The first line of every file.
    package static let versionLine = "age-encryption.org/v1"
    /// The most stanzas that are read.
    package static let stanzaCountMax = 1024
    static let macCount = 32

    /// At least one stanza.
    package let stanzas: [Stanza]
    /// HMAC-SHA-256 of all before it.
    package let mac: [UInt8]

    /// Makes the header of a new file.
    init(stanzas: [Stanza], fileKey: borrowing FileKey) {
        precondition(!stanzas.isEmpty, "a header names a recipient")
        self.stanzas = stanzas
        mac = fileKey.headerMAC(of: Self.authenticatedBytes(stanzas))
    }

    /// Reads a header that stands alone.
    ///
    /// - Throws: `.malformedHeader`, `.headerTooLong`.
    package init(parsing bytes: [UInt8]) throws(AgeError) {
        let input = InputBuffer(bytes)
        try self.init(from: input)
        guard try input.isAtEnd() else { throw .malformedHeader(line: 0) }
    }

    /// Reads a header and leaves the payload unread.
    init(from input: InputBuffer) throws(AgeError) {
        var lines = HeaderLines(input)
        guard try lines.next() == Array(Self.versionLine.utf8) else { throw lines.failure }
        var stanzas: [Stanza] = []
        var line = try lines.next()
        while !line.starts(with: Array("---".utf8)) {
            guard stanzas.count < Self.stanzaCountMax else {
                throw .headerTooLong(limit: Self.stanzaCountMax)
            }
            stanzas.append(try Stanza.read(first: line, from: &lines))
            line = try lines.next()
        }
        guard !stanzas.isEmpty, line.starts(with: Array("--- ".utf8)) else { throw lines.failure }
        do {
            mac = try Base64.decode(line.dropFirst(4), padded: false)
        } catch {
            throw lines.failure
        }
        guard mac.count == Self.macCount else { throw lines.failure }
        self.stanzas = stanzas
        // A passphrase stanza beside others would let whoever knows the passphrase pass a file off
        // as sealed by a friend, or be a way around a slow guess.
        let hasPassphrase = stanzas.contains { $0.type == ScryptIdentity.stanzaType }
        guard !hasPassphrase || stanzas.count == 1 else { throw .passphraseNotAlone }
    }

    /// The header as it stands in a file, the last line feed included.
    package var encoded: [UInt8] {
        let mac = Base64.encode(mac, padded: false)
        return Self.authenticatedBytes(stanzas) + Array(" \(mac)\n".utf8)
    }

    /// Checks the MAC.
    ///
    /// - Throws: `.headerAuthenticationFailed`.
    func authenticate(_ fileKey: borrowing FileKey) throws(AgeError) {
        let expected = fileKey.headerMAC(of: Self.authenticatedBytes(stanzas))
        guard constantTimeEqual(mac, expected) else { throw .headerAuthenticationFailed }
    }

    /// All from the first byte to the `---`.
    private static func authenticatedBytes(_ stanzas: [Stanza]) -> [UInt8] {
        Array("\(versionLine)\n".utf8) + stanzas.flatMap(\.encoded) + Array("---".utf8)
    }
}
