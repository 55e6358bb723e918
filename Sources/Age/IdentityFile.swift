// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import Sodium

/// Identities as text: one, or a file with one a line.
package enum IdentityFile {
    /// The longest file that is read, in bytes.
    package static let byteCountMax = SecretBytes.countMax

    /// Reads `AGE-SECRET-KEY-1…` or `AGE-SECRET-KEY-PQ-1…`.
    ///
    /// - Throws: `.malformedIdentity`.
    package static func identity(_ text: borrowing SecretBytes) throws(AgeError) -> any AgeIdentity
    {
        let prefix = Array("\(HybridIdentity.prefix)1".uppercased().utf8)
        let isHybrid = text.withBytes { bytes in
            bytes.count > prefix.count && prefix.indices.allSatisfy { bytes[$0] == prefix[$0] }
        }
        if isHybrid { return try HybridIdentity(parsing: text) }
        return try X25519Identity(parsing: text)
    }

    /// Reads a file of identities; empty lines and lines that start with `#` are passed over.
    ///
    /// - Throws: `.malformedIdentity` with the line, `.malformedKeyFile` when it holds nobody.
    package static func identities(
        in file: borrowing SecretBytes
    ) throws(AgeError) -> [any AgeIdentity] {
        var identities: [any AgeIdentity] = []
        var line = 0
        var start = 0
        while start < file.count {
            line += 1
            var end = file.withBytes { bytes in
                var end = start
                while end < bytes.count && bytes[end] != UInt8(ascii: "\n") { end += 1 }
                return end
            }
            let next = end + 1
            let (first, last) = file.withBytes { bytes in
                end > start ? (bytes[start], bytes[end - 1]) : (0, 0)
            }
            if last == UInt8(ascii: "\r") { end -= 1 }
            if end > start && first != UInt8(ascii: "#") {
                do {
                    identities.append(try identity(file.slice(start..<end)))
                } catch {
                    throw .malformedIdentity(line: line)
                }
            }
            start = next
        }
        guard !identities.isEmpty else { throw .malformedKeyFile(limit: byteCountMax) }
        return identities
    }

    static func decode(
        _ text: borrowing SecretBytes,
        prefix: String
    ) throws(AgeError) -> SecretBytes {
        var characters = text.reveal()
        defer { wipe(&characters) }
        // Identities are written in upper case only.
        guard characters.first == prefix.uppercased().utf8.first else {
            throw .malformedIdentity(line: 1)
        }
        do {
            var decoded = try Bech32.decode(characters)
            let secret = SecretBytes(wiping: &decoded.bytes)
            if decoded.prefix == prefix { return secret }
        } catch {
            throw .malformedIdentity(line: 1)
        }
        throw .malformedIdentity(line: 1)
    }

    static func encode(_ secret: borrowing SecretBytes, prefix: String) -> SecretBytes {
        var bytes = secret.reveal()
        defer { wipe(&bytes) }
        var text = Bech32.encodeUpperCase(prefix: prefix, bytes: bytes)
        return SecretBytes(wiping: &text)
    }
}
