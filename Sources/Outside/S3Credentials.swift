// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Sodium

/// Who asks an S3 service.
///
/// Spec: `docs/spec/node-s3.md`, section 1.
package final class S3Credentials: Sendable {
    /// Longest file with credentials.
    package static let countMax = 8192

    let identifier: String
    let secret: SecretBytes
    let token: String?

    /// Reads `access-key-id`, `secret-access-key` and `session-token` lines: name, space, value.
    ///
    /// Nil if something else stands there, or something is missing.
    ///
    /// - Parameter text: The whole file.
    package init?(parsing text: borrowing SecretBytes) {
        var ranges: [String: Range<Int>] = [:]
        let isWhole = text.withBytes { bytes -> Bool in
            var start = 0
            while start < bytes.count {
                var end = start
                while end < bytes.count, bytes[end] != 0x0a { end += 1 }
                defer { start = end + 1 }
                guard start < end, bytes[start] != UInt8(ascii: "#") else { continue }
                var space = start
                while space < end, bytes[space] != 0x20 { space += 1 }
                guard space + 1 < end else { return false }
                var name = ""
                for index in start..<space { name.unicodeScalars.append(.init(bytes[index])) }
                for index in (space + 1)..<end {
                    guard (0x21...0x7e).contains(bytes[index]) else { return false }
                }
                guard ranges.updateValue((space + 1)..<end, forKey: name) == nil else {
                    return false
                }
            }
            return true
        }
        let known: Set<String> = ["access-key-id", "secret-access-key", "session-token"]
        guard isWhole, known.isSuperset(of: ranges.keys), let id = ranges["access-key-id"],
            let key = ranges["secret-access-key"]
        else { return nil }
        identifier = String(decoding: text.slice(id).reveal(), as: UTF8.self)
        secret = text.slice(key)
        // Without spaces and control characters: it becomes a header.
        token = ranges["session-token"].map {
            String(decoding: text.slice($0).reveal(), as: UTF8.self)
        }
    }
}
