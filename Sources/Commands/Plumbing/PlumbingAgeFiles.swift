// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import Glibc
import Sodium

/// The files that `plumbing age` reads: the input, keys, and `-` for standard input.
enum PlumbingAgeFiles {
    /// Opens a file for reading while `body` runs.
    ///
    /// - Throws: `.failed` with class `source`, and what `body` throws.
    static func reading<R: ~Copyable>(
        _ path: String?,
        _ body: (DescriptorStream) throws -> R
    ) throws -> R {
        guard let path, path != "-" else {
            return try body(DescriptorStream(descriptor: STDIN_FILENO))
        }
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw unreadable(path, errno) }
        defer { close(file) }
        return try body(DescriptorStream(descriptor: file))
    }

    /// The whole of a small file, in guarded memory.
    ///
    /// - Throws: `.malformedKeyFile` when it is longer than the limit.
    static func secret(_ path: String) throws -> SecretBytes {
        try reading(path) { stream in
            let limit = IdentityFile.byteCountMax
            var bytes: [UInt8] = []
            bytes.reserveCapacity(64 << 10)
            defer { wipe(&bytes) }
            let source = stream.source
            var piece = [UInt8](repeating: 0, count: 64 << 10)
            defer { wipe(&piece) }
            while true {
                var span = piece.mutableSpan
                let count = try source(&span)
                if count == 0 { break }
                bytes += piece[..<count]
                guard bytes.count <= limit else { throw AgeError.malformedKeyFile(limit: limit) }
            }
            return SecretBytes(wiping: &bytes)
        }
    }

    /// The recipients of a file.
    ///
    /// - Throws: `.malformedRecipient` with its line.
    static func recipients(_ path: String) throws -> [any AgeRecipient] {
        var bytes = try secret(path).reveal()
        defer { wipe(&bytes) }
        return try RecipientFile.recipients(in: bytes)
    }

    /// The identities of a file, which may itself be sealed with a passphrase.
    ///
    /// - Throws: `.malformedIdentity` with its line, failures of the sealed file.
    static func identities(
        _ path: String,
        passphrase: @escaping @Sendable () throws -> SecretBytes
    ) throws -> [any AgeIdentity] {
        let file = try secret(path)
        guard isSealed(file) else { return try IdentityFile.identities(in: file) }
        let asked = PlumbingAgePassphrase(passphrase)
        do {
            var bytes = file.reveal()
            defer { wipe(&bytes) }
            var opened = try AgeDecryptor(identities: [asked]).open(bytes)
            return try IdentityFile.identities(in: SecretBytes(wiping: &opened))
        } catch AgeError.noIdentityMatched {
            throw asked.failure ?? AgeError.noIdentityMatched
        }
    }

    static func unreadable(_ path: String, _ code: Int32) -> Failure {
        let reason = SystemReason(code).text
        return Failure(
            .failed,
            Text(
                en: "cannot read \(path): \(reason.en)",
                es: "no se puede leer \(path): \(reason.es)"
            ),
            word: AgeError.Class.source.rawValue
        )
    }

    private static func isSealed(_ file: borrowing SecretBytes) -> Bool {
        file.withBytes { bytes in
            ["age-encryption.org/", "-----BEGIN AGE"].contains { start in
                let start = Array(start.utf8)
                return bytes.count >= start.count
                    && start.indices.allSatisfy { bytes[$0] == start[$0] }
            }
        }
    }
}
