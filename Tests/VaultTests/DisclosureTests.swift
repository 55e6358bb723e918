// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Foundation
import Statements
import Storage
import Testing
import Vault

@Suite struct DisclosureTests {
    @Test func writesTheVectorOfTheSpecification() throws {
        let directory = BytePath(
            DisclosureFixture.root.appending(path: "docs/spec/vectors/disclosure").path()
        )
        func contents(_ name: String) throws -> [UInt8] {
            try Directory.contents(of: directory.appending(name), countMax: 1 << 20)
        }
        let evidence = try Evidence(canonical: contents("evidence.json"))
        let choice = try DisclosureChoice(
            fields: ["note", "files/0/name"],
            files: ["1"],
            of: evidence
        )
        let disclosure = try Disclosure(of: evidence, showing: choice)
        #expect(try disclosure.bytes == contents("package/disclosure.json"))
        #expect(evidence.entries[0].capture?.picked[.position] == "+19.432608, -99.133209")
        let verified = try DisclosurePackage.verify(at: directory.appending("package"))
        #expect(verified.statement.evidence == evidence.commitment)
        #expect(verified.contents == [1: BytePath("files/1/content")])
    }

    @Test func showsWhatWasChosenAndNothingElse() throws {
        let fixture = try DisclosureFixture()
        let names = fixture.evidence.entries.map { String(decoding: $0.name, as: UTF8.self) }
        #expect(names == ["in", "in/a.txt", "in/odd \u{fffd}", "in/sub", "in/sub/2.txt"])
        let output = try fixture.disclose(["note", "files/1/name"], files: ["1"], to: "out")
        let verified = try DisclosurePackage.verify(at: output)
        let shown = verified.disclosure.leaves.map { $0.prefix + $0.shown.keys.sorted().joined() }
        #expect(shown == ["fileCountnote", "files/1/kindnamesha256size"])
        #expect(verified.disclosure.fileCount == 5)
        let path = output.appending("files/1/a.txt")
        #expect(try fixture.temporary.contents(path) == pattern(2000))
        let everything = try DisclosureFixture.everything(in: output)
        let text = String(decoding: everything, as: UTF8.self)
        let salt = fixture.evidence.salt
        #expect(everything.firstRange(of: salt) == nil)
        for secret in [Hex.encode(salt), Base64.encode(salt), "1700000000", "odd", "sub"] {
            #expect(!text.contains(secret), "\(secret)")
        }
        #expect(try IndependentDisclosureVerifier.verdicts([output]) ?? [true] == [true])
    }

    @Test func showsNamesThatAreNotUTF8WithTheirBytes() throws {
        let fixture = try DisclosureFixture()
        let hidden = try fixture.disclose(["files/2/size"], files: ["2"], to: "hidden")
        #expect(FileStatus.exists(hidden.appending("files/2/content")))
        let shown = try fixture.disclose(["files/*/name"], files: ["2"], to: "shown")
        let name = Array("files/2/odd ".utf8) + [0xff]
        #expect(try fixture.temporary.contents(shown.appending(name)) == pattern(10, seed: 2))
        let verdicts = try IndependentDisclosureVerifier.verdicts([hidden, shown])
        #expect(verdicts ?? [true, true] == [true, true])
    }

    @Test func guessingAWithheldFieldFindsNothing() throws {
        let fixture = try DisclosureFixture(note: "sí")
        let fields = ["capturedAt", "files/*/name", "files/*/modified", "custody", "type"]
        let output = try fixture.disclose(fields, to: "out")
        let package = try DisclosurePackage.verify(at: output)
        // Everything an attacker has that looks like a salt, a key or a hash, whole and cut.
        var keys: Set<[UInt8]> = [[]]
        for leaf in package.disclosure.leaves {
            for field in leaf.shown.values { keys.insert(field.salt) }
            for commitment in leaf.withheld.values { keys.insert(commitment) }
        }
        let text = String(
            decoding: try DisclosureFixture.everything(in: output),
            as: UTF8.self
        )
        for word in text.split(whereSeparator: { !$0.isHexDigit && !"+/=".contains($0) }) {
            if let bytes = try? Hex.decode(String(word)) { keys.insert(bytes) }
            if let bytes = try? Base64.decode(String(word)) { keys.insert(bytes) }
        }
        let receipt = package.receipt
        keys.formUnion([receipt.salt, package.statement.evidence, package.statement.ciphertextRoot])
        for key in keys where key.count > 16 {
            keys.insert(Array(key.prefix(16)))
            keys.insert(Array(SHA256.hash(key + Array("note".utf8)).prefix(16)))
        }
        let commitment = try #require(package.disclosure.leaves[0].withheld["note"])
        #expect(commitment.count == 32)
        for key in keys {
            for guess in ["sí", "no", "si", "Sí", ""] {
                let value = JSONValue.string(guess).canonicalBytes
                #expect(SHA256.hash(key + value) != commitment)
                #expect(SHA256.hash(value + key) != commitment)
            }
        }
        // With its own salt, which is not in the package, the guess would be found.
        let salt = SHA256.hash(fixture.evidence.salt + Array("note".utf8)).prefix(16)
        #expect(SHA256.hash(salt + JSONValue.string("sí").canonicalBytes) == commitment)
        #expect(keys.count > 20)
    }

    @Test func theLengthOfTheRestDoesNotShow() throws {
        let sizes = try ["", String(repeating: "x", count: 3000)].map { note in
            let fixture = try DisclosureFixture(note: note)
            let output = try fixture.disclose(["capturedAt"], to: "out")
            return try fixture.temporary.contents(output.appending("disclosure.json")).count
        }
        #expect(sizes[0] == sizes[1])
    }

    @Test(arguments: [2, 3, 4, 7, 8, 9, 33]) func provesEveryLeafOfEverySize(_ count: Int) throws {
        let fixture = try DisclosureFixture(fileCount: count)
        for index in fixture.evidence.entries.indices {
            let choice = try DisclosureChoice(
                fields: ["files/\(index)/kind"],
                files: [],
                of: fixture.evidence
            )
            let disclosure = try Disclosure(of: fixture.evidence, showing: choice)
            let again = try Disclosure(canonical: disclosure.bytes)
            #expect(again == disclosure)
            try again.verify(commitment: fixture.evidence.commitment)
            #expect(throws: DisclosureError.notReceipted(leaf: 0)) {
                try again.verify(commitment: SHA256.hash([]))
            }
        }
    }

    @Test func namesWhatIsNotThere() throws {
        let fixture = try DisclosureFixture()
        for field in ["nota", "files/9/name", "files/01/name", "files/x/name", "files/*/x", "salt"]
        {
            #expect(throws: DisclosureError.fieldMissing(field)) {
                try fixture.disclose([field], to: "out")
            }
        }
        for file in ["9", "-1", "in/b.txt", "0", "in/sub"] {
            #expect(throws: DisclosureError.fileMissing(file)) {
                try fixture.disclose([], files: [file], to: "out")
            }
        }
        #expect(throws: DisclosureError.nothingChosen) { try fixture.disclose([], to: "out") }
        let output = try fixture.disclose(["note"], to: "out")
        #expect(throws: VaultError.destinationExists(output)) {
            try fixture.disclose(["note"], to: "out")
        }
        let leftovers = try Directory.names(in: fixture.temporary.directory)
        #expect(!leftovers.contains { $0.first == UInt8(ascii: ".") })
    }

    @Test func joinsTheFileThatCameInParts() throws {
        let temporary = try TemporaryHome()
        let item = try temporary.home.createCase(named: "c", isClassic: true, now: 1)
        let bytes = pattern((16 << 20) + 5)
        let stream = try temporary.write("stream", bytes)
        let deposit = try temporary.home.depositStream(
            OpenedFile.reading(stream),
            name: Array("live.mp4".utf8),
            in: item,
            now: TemporaryHome.now
        )
        let output = temporary.directory.appending("out")
        _ = try temporary.home.disclose(
            DisclosureChoice(fields: ["files/0/name"], files: ["0"], of: deposit.evidence),
            of: deposit.evidence,
            temporary.home.findItem(deposit.item, in: item),
            in: item,
            to: output
        )
        #expect(try temporary.contents(output.appending("files/0/live.mp4")) == bytes)
    }
}
