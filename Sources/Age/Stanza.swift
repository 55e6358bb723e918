// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings

/// One recipient's part of a header: the file key wrapped in some way, or anything else that
/// somebody chose to put there.
///
/// Spec: C2SP `age.md`, "Header".
package struct Stanza: Equatable, Sendable {
    /// Characters in a full line of the body.
    static let columnCount = 64
    /// Bytes in a full line of the body.
    static let lineByteCount = 48

    /// The first argument: how the file key is wrapped.
    package let type: String
    /// The other arguments; each is one or more characters from `!` to `~`.
    package let arguments: [String]
    /// The body, any length.
    package let body: [UInt8]

    /// A stanza of these parts.
    package init(type: String, arguments: [String], body: [UInt8]) {
        self.type = type
        self.arguments = arguments
        self.body = body
        precondition(([type] + arguments).allSatisfy { Self.isArgument($0.utf8) }, "VCHARs")
    }

    /// The stanza as it stands in a header.
    package var encoded: [UInt8] {
        var text = Array("-> \(([type] + arguments).joined(separator: " "))\n".utf8)
        // The last line is shorter than 64 characters, if need be empty.
        for start in stride(from: 0, through: body.count, by: Self.lineByteCount) {
            let end = min(start + Self.lineByteCount, body.count)
            text += Array(Base64.encode(body[start..<end], padded: false).utf8)
            text.append(UInt8(ascii: "\n"))
        }
        return text
    }

    static func isArgument(_ bytes: some Collection<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy { (0x21...0x7e).contains($0) }
    }

    /// Reads a stanza from lines.
    ///
    /// - Parameters:
    ///   - first: The line with the arguments.
    ///   - lines: The lines after it; those of the body are taken.
    /// - Returns: The stanza.
    /// - Throws: `.malformedHeader`.
    static func read(
        first: [UInt8],
        from lines: inout HeaderLines
    ) throws(AgeError) -> Stanza {
        let prefix = Array("-> ".utf8)
        guard first.starts(with: prefix) else { throw lines.failure }
        let parts = first.dropFirst(prefix.count).split(
            separator: UInt8(ascii: " "),
            omittingEmptySubsequences: false
        )
        guard parts.allSatisfy({ isArgument($0) }) else { throw lines.failure }
        var body: [UInt8] = []
        while true {
            let line = try lines.next()
            guard line.count <= columnCount else { throw lines.failure }
            do {
                body += try Base64.decode(line, padded: false)
            } catch {
                throw lines.failure
            }
            if line.count < columnCount { break }
        }
        let arguments = parts.map { String(decoding: $0, as: UTF8.self) }
        return Stanza(type: arguments[0], arguments: Array(arguments.dropFirst()), body: body)
    }
}
