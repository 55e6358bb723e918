// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// An identifier as text from which its very bytes can be had again.
///
/// Names come from strangers. One that is no UTF-8, holds characters that XML does not have, or
/// looks encoded already, is written in percent encoding and says so; all files write it the same
/// way.
package struct ExactName: Equatable {
    /// How a name is written.
    package enum Encoding: String {
        /// As it is.
        case text
        /// Bytes other than letters, digits and `-._~` as `%` and two digits (RFC 3986).
        case percent
    }

    /// How it is written.
    package let text: String
    /// Which of the two ways that is.
    package let encoding: Encoding

    /// Writes the bytes of a name.
    package init(_ bytes: ArraySlice<UInt8>) {
        if let text = String(validating: bytes, as: UTF8.self), !Self.looksEncoded(bytes),
            text.unicodeScalars.allSatisfy(XMLText.isAllowed)
        {
            self.text = text
            encoding = .text
        } else {
            text = bytes.map(Self.encoded).joined()
            encoding = .percent
        }
    }

    /// Whether a name could be taken for another one in percent encoding: two accounts must not
    /// become one.
    private static func looksEncoded(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.count >= 3 else { return false }
        func isDigit(_ index: Int) -> Bool {
            switch Unicode.Scalar(bytes[index]) {
            case "0"..."9", "A"..."F": true
            default: false
            }
        }
        return (bytes.startIndex..<bytes.endIndex - 2).contains { index in
            bytes[index] == UInt8(ascii: "%") && isDigit(index + 1) && isDigit(index + 2)
        }
    }

    private static func encoded(_ byte: UInt8) -> String {
        switch Unicode.Scalar(byte) {
        case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_", "~":
            String(Unicode.Scalar(byte))
        default: "%" + Hex.encode([byte]).uppercased()
        }
    }
}
