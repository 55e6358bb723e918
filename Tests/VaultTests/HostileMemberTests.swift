// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import BulkCrypto
import Sodium
import Statements
import Storage
import Testing
import TransparencyLog
import Vault

/// A member of a case whose own program seals what is not so: everything is signed, committed to
/// and in the log, and the content is not what its evidence says.
@Suite struct HostileMemberTests {
    private static let contents: [(name: String, bytes: [UInt8])] = [
        ("a", pattern(700)), ("b", pattern(90_000, seed: 2)), ("c/d", pattern(3)),
    ]

    /// Deposits an item whose evidence gives one of its files another digest, or none.
    private func deposit(lyingAbout liar: String?, in temporary: TemporaryHome) throws -> String {
        let item = try temporary.home.createCase(named: "c", isClassic: true, now: 1)
        let directory = EvidenceEntry(kind: .directory, name: Array("c".utf8))
        let evidence = Evidence(
            capturedAt: nil,
            note: nil,
            deviceClock: TemporaryHome.now,
            custody: [.deposited(at: TemporaryHome.now, tool: "theirs")],
            entries: Self.contents.flatMap { name, bytes in
                let file = EvidenceEntry(
                    kind: .file,
                    name: Array(name.utf8),
                    sizeBytes: UInt64(bytes.count),
                    sha256: SHA256.hash(name == liar ? bytes + [0] : bytes)
                )
                return name == "c/d" ? [directory, file] : [file]
            }
        )
        var archive: [UInt8] = []
        func add(_ path: [UInt8], _ bytes: [UInt8], _ kind: TarWriter.Kind = .file) {
            archive += TarWriter.header(path: path, sizeBytes: UInt64(bytes.count), kind: kind)
            archive += bytes + TarWriter.padding(after: UInt64(bytes.count))
        }
        for (name, bytes) in Self.contents {
            if name == "c/d" { add(Array("original/c/".utf8), [], .directory) }
            add(Evidence.originalsPrefix + Array(name.utf8), bytes)
        }
        add(Evidence.path, evidence.bytes)
        archive += TarWriter.end
        let sealed = try AgeEncryptor(recipients: [item.ageRecipient()]).seal(archive)
        let root = CiphertextRoot.hash(sealed)
        let statement = DepositStatement(
            casePseudonym: item.pseudonym,
            member: item.memberKey.bytes,
            ciphertextRoot: root,
            sizeBytes: Int64(sealed.count),
            date: "2026-11-22",
            evidence: evidence.commitment
        )
        let key = try #require(item.summaryKey())
        let record = try DepositRecord(
            statement,
            key: item.memberSecretKey(),
            summary: Summary(of: evidence).sealed(under: key)
        )
        let layout = temporary.home.layout
        let name = root.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        for (path, bytes) in [
            (layout.objects.path(of: name), sealed), (layout.deposits.path(of: 0), record.bytes),
        ] {
            try Directory.make(path.parent)
            try Directory.replace(path, with: bytes)
        }
        let log = try TiledLog.open(directory: layout.log.text, signer: temporary.logSigner())
        _ = try log.append([record.entry], time: 0)
        return name
    }

    @Test(arguments: ["a", "b", "c/d"])
    func aFileThatIsNotWhatItsEvidenceSaysIsNotReleased(liar: String) throws {
        let temporary = try TemporaryHome()
        let name = try deposit(lyingAbout: liar, in: temporary)
        // Nobody can see it from outside; so what colleagues deposited is always hashed.
        #expect(try temporary.audit().problems == [])
        let item = try temporary.home.findCase("c")
        let listing = try temporary.home.findItem(name, in: item)
        let kept = try temporary.write("out/kept", [1])
        let output = kept.parent
        let error = VaultError.originalMismatch(BytePath(liar))
        for isOverwriting in [false, true] {
            #expect(throws: error) {
                _ = try temporary.home.get(
                    listing,
                    from: item,
                    into: output,
                    overwriting: isOverwriting,
                    hashing: true
                )
            }
            // Not the other files either, and nothing that was half way there.
            #expect(try Directory.names(in: output) == [Array("kept".utf8)])
        }
        let identity = try #require(try item.identity())
        #expect(throws: error) {
            _ = try temporary.home.store.unpackAll(
                ofCase: item.pseudonymText,
                identity: identity,
                into: output
            )
        }
        let place = output.appending(String(name.prefix(12)))
        #expect(try Directory.names(in: place).isEmpty)
    }

    @Test func theSameItemWithoutTheLieIsReleased() throws {
        let temporary = try TemporaryHome()
        let name = try deposit(lyingAbout: nil, in: temporary)
        let item = try temporary.home.findCase("c")
        let output = temporary.directory.appending("out")
        _ = try temporary.home.get(
            temporary.home.findItem(name, in: item),
            from: item,
            into: output
        )
        for (name, bytes) in Self.contents {
            #expect(try temporary.contents(output.appending(name)) == bytes)
        }
    }
}
