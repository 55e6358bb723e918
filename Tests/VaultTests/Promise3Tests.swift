// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import Foundation
import Sodium
import Storage
import Testing
import Vault

/// Promise 3 of the vault: a device seized tomorrow cannot read what was deposited yesterday in a
/// write-only case, whoever gives which passphrase.
@Suite struct Promise3Tests {
    @Test func writeOnlyCasesReadWithTheRecoveryKeyAlone() throws {
        let temporary = try TemporaryHome()
        let item = try temporary.home.createCase(named: "w", isWriteOnly: true, now: 1)
        #expect(!item.hasReadKey)
        let path = try temporary.write("in/a", pattern(10))
        let deposit = try temporary.deposit([path], in: item)
        let listing = try temporary.home.findItem(deposit.item, in: item)
        #expect(listing.summary == nil)
        let output = temporary.directory.appending("out")
        #expect(throws: VaultError.noReadKey("w")) {
            _ = try temporary.home.get(listing, from: item, into: output)
        }
        let identity = try RecoveredCase.identity(of: item, in: temporary)
        _ = try temporary.home.get(listing, from: item, identity: identity, into: output)
        #expect(try temporary.contents(output.appending("a")) == pattern(10))
    }

    @Test func theRecoveryKeyIsNotOnTheDevice() throws {
        let temporary = try TemporaryHome(duress: "forced")
        _ = try temporary.home.createCase(named: "c", isWriteOnly: true, now: 1)
        let identity = try #require(Self.identities(in: temporary.recoveryKey).first)
        let records = try Self.files(under: temporary.home.layout.home)
            .filter { $0.text.hasSuffix("recovery.age") }
        #expect(records.count == 2)
        for candidate in try Self.identities(within: temporary, ["correct horse", "forced"]) {
            for path in records {
                let file = try temporary.contents(path)
                let opened = try? AgeDecryptor(identities: [candidate]).open(file)
                #expect(opened == nil)
            }
        }
        for path in records {
            let file = try temporary.contents(path)
            _ = try AgeDecryptor(identities: [identity]).open(file)
        }
    }

    @Test func aWriteOnlyCaseLeavesNoKeyThatReads() throws {
        let temporary = try TemporaryHome(duress: "forced")
        let item = try temporary.home.createCase(named: "w", isWriteOnly: true, now: 1)
        let path = try temporary.write("in/a", pattern(10))
        let deposit = try temporary.deposit([path], in: item)
        _ = try temporary.home.rotate(item, isWriteOnly: true)
        let object = try temporary.contents(temporary.home.layout.objects.path(of: deposit.item))
        for candidate in try Self.identities(within: temporary, ["correct horse", "forced"]) {
            #expect((try? AgeDecryptor(identities: [candidate]).open(object)) == nil)
        }
        let key = try RecoveredCase.identity(of: item, in: temporary)
        _ = try AgeDecryptor(identities: [key]).open(object)
    }

    // MARK: Looking for keys

    private static func identities(in text: String) throws -> [any AgeIdentity] {
        try IdentityFile.identities(in: SecretBytes(copying: Array(text.utf8)))
    }

    private static func identities(in text: borrowing SecretBytes) throws -> [any AgeIdentity] {
        try IdentityFile.identities(in: text)
    }

    private static func files(under directory: BytePath) throws -> [BytePath] {
        try Directory.names(in: directory).flatMap { name in
            let path = directory.appending(name)
            let kind = try FileStatus(of: path, followingLinks: false).kind
            return kind == .directory ? try files(under: path) : [path]
        }
    }

    /// Every identity that 32 bytes of anything that these passphrases open could be, as bytes, as
    /// hexadecimal or as an age identity.
    private static func identities(
        within temporary: TemporaryHome,
        _ passphrases: [String]
    ) throws -> [any AgeIdentity] {
        let home = temporary.home.layout.home
        let keyring = try Keyring(
            parsing: temporary.contents(temporary.home.layout.keyring)
        )
        var texts: [[UInt8]] = []
        var seeds: Set<[UInt8]> = []
        for passphrase in passphrases {
            let secrets = try keyring.open(
                passphrase: TemporaryHome.passphrase(passphrase),
                least: .demo
            )
            seeds.formUnion([
                secrets.identity.reveal(), secrets.logSeed.reveal(), secrets.checkInToken.reveal(),
            ])
            let identity = try HybridIdentity(seed: secrets.identity.copy())
            for path in try files(under: home) where path.text.hasSuffix(".age") {
                let file = try temporary.contents(path)
                if let text = try? AgeDecryptor(identities: [identity]).open(file) {
                    texts.append(text)
                }
            }
        }
        #expect(texts.count >= passphrases.count)
        var found: [any AgeIdentity] = []
        for text in texts {
            for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
                found += (try? identities(in: String(line))) ?? []
                let word = line.split(separator: " ").last ?? ""
                guard word.utf8.count >= 64, word.allSatisfy(\.isHexDigit) else { continue }
                let bytes = stride(from: 0, to: word.count - 1, by: 2).compactMap {
                    UInt8(word.dropFirst($0).prefix(2), radix: 16)
                }
                for start in 0...(bytes.count - 32) {
                    seeds.insert(Array(bytes[start..<(start + 32)]))
                }
            }
        }
        for seed in seeds {
            found.append(try HybridIdentity(seed: SecretBytes(copying: seed)))
            found.append(try X25519Identity(secret: SecretBytes(copying: seed)))
        }
        return found
    }
}
