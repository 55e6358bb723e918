// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Text as XML 1.0 can hold it.
package enum XMLText {
    private static let markup = Array("&<>\"".utf8)

    /// Whether XML has the character at all: most control characters cannot even be escaped.
    ///
    /// Spec: XML 1.0, fifth edition, section 2.2.
    package static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0a, 0x0d, 0x20...0xd7ff, 0xe000...0xfffd, 0x1_0000...0x10_ffff: true
        default: false
        }
    }

    /// Adds text that may stand in an element as well as between double quotes.
    ///
    /// White space that readers would change is escaped (section 3.3.3); characters that XML does
    /// not have become U+FFFD.
    package static func append(_ text: String, to bytes: inout [UInt8]) {
        let isPlain = text.utf8.allSatisfy { byte in
            (0x20..<0x7f).contains(byte) && !markup.contains(byte)
        }
        if isPlain {
            bytes += Array(text.utf8)
            return
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": bytes += Array("&amp;".utf8)
            case "<": bytes += Array("&lt;".utf8)
            // Else "]]>" would end a section that was never begun.
            case ">": bytes += Array("&gt;".utf8)
            case "\"": bytes += Array("&quot;".utf8)
            case "\t": bytes += Array("&#9;".utf8)
            case "\n": bytes += Array("&#10;".utf8)
            case "\r": bytes += Array("&#13;".utf8)
            default: bytes += Array(Character(isAllowed(scalar) ? scalar : "\u{fffd}").utf8)
            }
        }
    }

    /// The text, escaped.
    package static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        append(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
