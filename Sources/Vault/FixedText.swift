// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Sodium

/// Texts of lines that are filled to a fixed length, so that sealing them shows nothing.
///
/// Spec: `docs/spec/vault.md`, section 4.2.
enum FixedText {
    /// Fills a text with one last comment line.
    static func fill(_ text: inout [UInt8], to count: Int) {
        precondition(text.count + 2 <= count, "a text that fits")
        text.append(UInt8(ascii: "#"))
        text += [UInt8](repeating: UInt8(ascii: "."), count: count - text.count - 1)
        text.append(0x0a)
    }

    /// The rest of the next line, which begins with `prefix`.
    static func value(_ prefix: String, _ reader: inout ByteReader) throws -> [UInt8] {
        try DepositRecord.value(prefix, &reader, countMax: CaseRecord.byteCount)
    }

    /// 32 secret bytes in hexadecimal.
    static func secret(_ prefix: String, _ reader: inout ByteReader) throws -> SecretBytes {
        var text = try value(prefix, &reader)
        defer { wipe(&text) }
        var bytes = try Hex.decode(String(decoding: text, as: UTF8.self))
        guard bytes.count == 32 else { throw EncodingError.truncated(offset: 0, needed: 32) }
        return SecretBytes(wiping: &bytes)
    }
}
