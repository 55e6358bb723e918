// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A path as the system keeps it: bytes without a NUL, which need not be UTF-8.
///
/// People's cameras, phones and archives make names that no text encoding describes. A deposit has
/// to find such a file and keep its name exactly, so nothing here goes through `String`.
package struct BytePath: Hashable, Sendable {
    /// The longest path that Linux opens, its NUL not counted.
    package static let countMax = 4095

    /// The bytes, without the closing NUL.
    package let bytes: [UInt8]

    /// A path from bytes.
    ///
    /// - Parameter bytes: Without NUL; a NUL would cut the path short inside the system.
    package init(_ bytes: [UInt8]) {
        precondition(!bytes.contains(0), "a path has no NUL")
        self.bytes = bytes
    }

    /// A path from text, in UTF-8.
    package init(_ text: String) {
        self.init(Array(text.utf8).filter { $0 != 0 })
    }

    /// The path of `name` inside this directory.
    package func appending(_ name: [UInt8]) -> BytePath {
        if bytes.isEmpty { return BytePath(name) }
        let isClosed = bytes.last == UInt8(ascii: "/")
        return BytePath(bytes + (isClosed ? [] : [UInt8(ascii: "/")]) + name)
    }

    /// The path of `name` inside this directory.
    package func appending(_ name: String) -> BytePath { appending(Array(name.utf8)) }

    /// The last component, without slashes; empty for `/`.
    package var lastComponent: [UInt8] {
        let trimmed = bytes.reversed().drop { $0 == UInt8(ascii: "/") }
        return Array(trimmed.prefix { $0 != UInt8(ascii: "/") }.reversed())
    }

    /// The directory that holds the last component: `.` for a bare name.
    package var parent: BytePath {
        let trimmed = bytes.reversed().drop { $0 == UInt8(ascii: "/") }
        let rest = trimmed.drop { $0 != UInt8(ascii: "/") }
        if rest.isEmpty { return BytePath(trimmed.isEmpty ? "/" : ".") }
        let directory = Array(rest.drop { $0 == UInt8(ascii: "/") }.reversed())
        return directory.isEmpty ? BytePath("/") : BytePath(directory)
    }

    /// The path as text for one line of a message: what is not UTF-8 is replaced, and control
    /// characters, line feeds above all, are written as escapes.
    package var text: String {
        var line = ""
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\n": line += "\\n"
            case "\r": line += "\\r"
            case "\t": line += "\\t"
            case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value):
                line += "\\u{\(String(scalar.value, radix: 16))}"
            // Marks that turn the direction of writing could make a name look like another one.
            case "\u{202a}"..."\u{202e}", "\u{2066}"..."\u{2069}", "\u{200e}", "\u{200f}":
                line += "\\u{\(String(scalar.value, radix: 16))}"
            default: line.unicodeScalars.append(scalar)
            }
        }
        return line
    }

    /// The path for a C function.
    var cString: [CChar] { bytes.map { CChar(bitPattern: $0) } + [0] }
}
