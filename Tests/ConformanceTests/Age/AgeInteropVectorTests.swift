// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import BulkCrypto
import Encodings
import Sodium
import Testing

/// Files that age 1.3.1 made, beside their keys and the digests of their plaintexts.
@Suite struct AgeInteropVectorTests {
    private static let folder = "interop-age"
    private static let files = AgeVectors.files(in: folder).filter { $0.hasSuffix(".age") }

    private static func identities() throws -> [any AgeIdentity] {
        var all: [any AgeIdentity] = []
        for name in ["x25519.key", "x25519-2.key", "pq.key"] {
            let text = SecretBytes(copying: try AgeVectors.read(folder, name))
            all += try IdentityFile.identities(in: text)
        }
        let passphrase = SecretBytes(copying: Array("correct-horse".utf8))
        return all + [ScryptIdentity(passphrase: passphrase)]
    }

    /// Plaintexts are SHA256("plain" || u64be 0) || SHA256("plain" || u64be 1)…, cut.
    private static func plaintext(count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var block: UInt64 = 0
        while bytes.count < count {
            bytes += SHA256.hash(Array("plain".utf8) + block.bigEndianBytes)
            block += 1
        }
        return Array(bytes.prefix(count))
    }

    @Test(arguments: files)
    func opensFile(_ name: String) throws {
        let opened = try AgeDecryptor(identities: Self.identities())
            .open(AgeVectors.read(Self.folder, name))
        let digits = name.dropLast(".age".count).reversed().prefix { $0.isNumber }
        let count = try #require(Int(String(digits.reversed())))
        #expect(opened == Self.plaintext(count: count))
    }

    @Test func keysHaveTheirRecipients() throws {
        guard !Self.files.isEmpty else { return }
        for name in ["x25519", "x25519-2", "pq"] {
            let secret = SecretBytes(copying: try AgeVectors.read(Self.folder, "\(name).key"))
            let identity = try #require(try IdentityFile.identities(in: secret).first)
            let expected = String(
                decoding: try AgeVectors.read(Self.folder, "\(name).pub"),
                as: UTF8.self
            ).split(separator: "\n").first.map(String.init)
            let text =
                (identity as? X25519Identity)?.recipient.text
                ?? (identity as? HybridIdentity)?.recipient.text
            #expect(text == expected)
        }
    }
}
