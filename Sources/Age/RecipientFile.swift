// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings

/// Recipients as text: one, or a file with one a line.
package enum RecipientFile {
    /// The longest file that is read, in bytes.
    package static let byteCountMax = 16 << 20

    /// Reads `age1…` or `age1pq1…`.
    ///
    /// - Throws: `.malformedRecipient`.
    package static func recipient(_ text: String) throws(AgeError) -> any AgeRecipient {
        // The longer prefix first: `age1pq1…` starts like `age1…`.
        if text.hasPrefix("\(HybridRecipient.prefix)1") {
            return try HybridRecipient(parsing: text)
        }
        return try X25519Recipient(parsing: text)
    }

    /// Reads a file of recipients; empty lines and lines that start with `#` are passed over.
    ///
    /// - Throws: `.malformedRecipient` with the line, `.malformedKeyFile` when it is too long, not
    ///   UTF-8 or holds nobody.
    package static func recipients(in bytes: [UInt8]) throws(AgeError) -> [any AgeRecipient] {
        guard bytes.count <= byteCountMax, let text = String(validating: bytes, as: UTF8.self)
        else { throw .malformedKeyFile(limit: byteCountMax) }
        var recipients: [any AgeRecipient] = []
        for (index, line) in text.utf8.split(
            separator: UInt8(ascii: "\n"),
            omittingEmptySubsequences: false
        ).enumerated() {
            let content = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            guard let first = content.first, first != UInt8(ascii: "#") else { continue }
            do {
                recipients.append(try recipient(String(decoding: content, as: UTF8.self)))
            } catch {
                throw .malformedRecipient(line: index + 1)
            }
        }
        guard !recipients.isEmpty else { throw .malformedKeyFile(limit: byteCountMax) }
        return recipients
    }

    static func decode(_ text: String, prefix: String) throws(AgeError) -> [UInt8] {
        do {
            let decoded = try Bech32.decode(text)
            // Recipients are written in lower case only.
            if decoded.prefix == prefix, text.utf8.first == prefix.utf8.first {
                return decoded.bytes
            }
        } catch {
            throw .malformedRecipient(line: 1)
        }
        throw .malformedRecipient(line: 1)
    }
}
