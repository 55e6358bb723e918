// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings

extension FuzzEntry {
    /// The parsers of `Encodings`.
    static let encodings: [FuzzEntry] = [
        entry("json", { try JSONValue(parsing: $0) }) { value, _ in
            let written = value.canonicalBytes
            let again = try JSONValue(canonical: written)
            return again == value && again.canonicalBytes == written
        },
        entry("json-canonical", canonical) { value, bytes in
            value.canonicalBytes == bytes
        },
        entry("base64", { try Base64.decode($0) }) { value, bytes in
            Array(Base64.encode(value).utf8) == bytes
        },
        entry("base64-unpadded", { try Base64.decode($0, padded: false) }) { value, bytes in
            Array(Base64.encode(value, padded: false).utf8) == bytes
        },
        entry("hex", { try Hex.decode(text($0)) }) { value, bytes in
            Array(Hex.encode(value).utf8) == bytes
        },
        entry("bech32", { try Bech32.decode(text($0)) }) { value, bytes in
            let written = Bech32.encode(prefix: value.prefix, bytes: value.bytes)
            return [written, written.uppercased()].contains { Array($0.utf8) == bytes }
        },
    ]

    /// Canonical JSON, of which the scanner and the parser have to think the same.
    private static func canonical(_ bytes: [UInt8]) throws -> JSONValue {
        let scan = JSONScan(canonical: bytes)
        do {
            let value = try JSONValue(canonical: bytes)
            precondition(scan?.value(at: JSONScan.top) == value, "the scanner reads another value")
            return value
        } catch {
            precondition(scan == nil, "the scanner takes what the parser refuses")
            throw error
        }
    }

    /// Bytes as text, which has to be UTF-8.
    static func text(_ bytes: [UInt8]) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw EncodingError.invalidUTF8(offset: 0)
        }
        return text
    }
}
