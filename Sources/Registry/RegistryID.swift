// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings

/// 32 bytes that name something of the registry: a subject, a verifier, a network, a log entry.
///
/// Four machine words rather than an array, because a registry holds millions of them.
package struct RegistryID: Hashable, Sendable, Comparable {
    private let word0: UInt64
    private let word1: UInt64
    private let word2: UInt64
    private let word3: UInt64

    /// - Parameter bytes: 32 bytes.
    package init(_ bytes: [UInt8]) {
        precondition(bytes.count == 32, "an id has 32 bytes")
        word0 = Self.word(bytes, at: 0)
        word1 = Self.word(bytes, at: 8)
        word2 = Self.word(bytes, at: 16)
        word3 = Self.word(bytes, at: 24)
    }

    /// Reads 64 lower-case hexadecimal digits.
    package init?(hex: String) {
        // Why the text is no id does not matter to anybody.
        guard hex.utf8.count == 64, let bytes = try? Hex.decode(hex) else { return nil }
        self.init(bytes)
    }

    /// The 32 bytes.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        for word in [word0, word1, word2, word3] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
        return bytes
    }

    /// 64 lower-case hexadecimal digits.
    package var hex: String { Hex.encode(bytes) }

    package static func < (left: RegistryID, right: RegistryID) -> Bool {
        (left.word0, left.word1, left.word2, left.word3)
            < (right.word0, right.word1, right.word2, right.word3)
    }

    private static func word(_ bytes: [UInt8], at start: Int) -> UInt64 {
        let span = bytes.span
        let word = unsafe span.bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)
        return UInt64(bigEndian: word)
    }
}
