// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings

/// One signature line of a note: `— name base64(key id ‖ signature)`.
///
/// Spec: C2SP `signed-note`.
package struct NoteSignature: Equatable, Sendable {
    /// Em dash and space.
    static let prefix: [UInt8] = [0xe2, 0x80, 0x94, 0x20]
    /// Longest line; ML-DSA-44 lines, the longest in use, have about 3 300 bytes.
    static let lineCountMax = 16_384

    /// Who signed.
    package let name: KeyName
    /// Which of their keys.
    package let keyID: UInt32
    /// The signature, a time before it in cosignatures.
    package let bytes: [UInt8]

    /// A signature line with these parts.
    package init(name: KeyName, keyID: UInt32, bytes: [UInt8]) {
        self.name = name
        self.keyID = keyID
        self.bytes = bytes
    }

    /// Reads one line, without its line feed.
    ///
    /// - Throws: `.malformedNote` with the line number 1, which the caller knows better.
    package init(parsing line: some Collection<UInt8>) throws(TransparencyLogError) {
        guard line.count <= Self.lineCountMax, line.starts(with: Self.prefix) else {
            throw .malformedNote(line: 1)
        }
        let parts = line.dropFirst(Self.prefix.count).split(
            separator: 0x20,
            omittingEmptySubsequences: false
        )
        guard parts.count == 2, let nameText = String(validating: parts[0], as: UTF8.self) else {
            throw .malformedNote(line: 1)
        }
        let blob: [UInt8]
        do {
            name = try KeyName(nameText)
            blob = try Base64.decode(parts[1])
        } catch {
            throw .malformedNote(line: 1)
        }
        guard blob.count > 4 else { throw .malformedNote(line: 1) }
        keyID = blob.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        bytes = Array(blob.dropFirst(4))
    }

    /// The line, without a line feed.
    package var line: String {
        "— \(name) " + Base64.encode(keyID.bigEndianBytes + bytes)
    }
}
