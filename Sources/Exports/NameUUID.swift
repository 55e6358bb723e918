// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings

/// Identifiers that follow from names, so that exporting twice gives the same objects.
///
/// Spec: RFC 9562, section 5.5 (version 5).
enum NameUUID {
    /// For STIX's own observables (STIX 2.1, section 2.9).
    static let stixObservables: [UInt8] = [
        0x00, 0xab, 0xed, 0xb4, 0xaa, 0x42, 0x46, 0x6c, 0x9c, 0x01, 0xfe, 0xd2, 0x33, 0x15, 0xa9,
        0xb7,
    ]
    /// For all else: version 5 of `https://resguardo.invalid/spec/exports` in the space of
    /// addresses.
    static let exports: [UInt8] = [
        0xf0, 0x37, 0x87, 0x51, 0xaf, 0xac, 0x5b, 0xac, 0x97, 0x64, 0x5a, 0x67, 0x0f, 0xe9, 0xfd,
        0x87,
    ]

    /// The identifier of a name, as text.
    static func text(_ name: [UInt8], in space: [UInt8]) -> String {
        var hash = SHA1()
        hash.update(space + name)
        var bytes = Array(hash.finish().prefix(16))
        bytes[6] = bytes[6] & 0x0f | 0x50
        bytes[8] = bytes[8] & 0x3f | 0x80
        let digits = Array(Hex.encode(bytes))
        let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
        return parts.map { String(digits[$0]) }.joined(separator: "-")
    }
}
