// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Base 58 with Bitcoin's alphabet, in which decentralised identifiers write keys and signatures.
///
/// Spec: draft-msporny-base58-03; the prefix `z` is the multibase's.
package enum Base58 {
    /// The most bytes: the work is quadratic.
    package static let byteCountMax = 256

    private static let alphabet = Array(
        "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8
    )

    /// Encodes at most ``byteCountMax`` bytes.
    ///
    /// - Complexity: O(n²).
    package static func encode(_ bytes: [UInt8]) -> String {
        precondition(bytes.count <= byteCountMax, "base 58 is for keys and signatures")
        // Digits of the number, the lowest first.
        var digits: [Int] = []
        for byte in bytes {
            var carry = Int(byte)
            for index in digits.indices {
                carry += digits[index] << 8
                digits[index] = carry % 58
                carry /= 58
            }
            while carry > 0 {
                digits.append(carry % 58)
                carry /= 58
            }
        }
        let zeros = bytes.prefix { $0 == 0 }.map { _ in alphabet[0] }
        return String(decoding: zeros + digits.reversed().map { alphabet[$0] }, as: UTF8.self)
    }
}
