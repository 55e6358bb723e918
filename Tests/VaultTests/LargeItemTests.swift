// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Storage
import Testing
import Vault

/// Items of very many files.
@Suite struct LargeItemTests {
    private func fill(_ directory: BytePath, _ count: Int) throws {
        let files = LocalFileSystem()
        for number in 0..<count {
            let file = try files.create(
                directory.appending("\(number)"),
                replacing: false,
                mode: 0o600
            )
            try file.write(Array("\(number)".utf8))
            try file.close()
        }
    }

    /// Deposits a directory and unpacks it again.
    private func expectRoundTrip(
        of source: BytePath,
        _ temporary: TemporaryHome
    ) throws -> Evidence {
        let item = try temporary.home.createCase(named: "c", isClassic: true, now: 1)
        let deposit = try temporary.deposit([source], in: item)
        let listing = try temporary.home.findItem(deposit.item, in: item)
        let output = temporary.directory.appending("out")
        let (evidence, paths) = try temporary.home.get(listing, from: item, into: output)
        #expect(evidence == deposit.evidence)
        #expect(paths.count == evidence.entries.count)
        let diff = Process()
        diff.executableURL = URL(filePath: "/usr/bin/env")
        diff.arguments = ["diff", "-r", source.text, output.text + "/in"]
        try diff.run()
        diff.waitUntilExit()
        #expect(diff.terminationStatus == 0)
        #expect(try temporary.audit().problems == [])
        return evidence
    }

    /// Long names make few files describe themselves beyond what a JSON text may have elsewhere.
    @Test func aDescriptionBeyondSixteenMebibytesComesBack() throws {
        let temporary = try TemporaryHome()
        let source = temporary.directory.appending("in")
        let part = String(repeating: "d", count: 250)
        let deep = (0..<13).reduce(source) { path, _ in path.appending(part) }
        try LocalFileSystem().makeUnsynced(deep)
        try fill(deep, 5000)
        let evidence = try expectRoundTrip(of: source, temporary)
        #expect(evidence.entries.count == 5014)
        #expect(evidence.bytes.count > JSONValue.byteCountMax)
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["RESGUARDO_LONG_TESTS"] != nil))
    func aDirectoryOfTwoHundredThousandFilesComesBack() throws {
        let temporary = try TemporaryHome()
        let source = temporary.directory.appending("in")
        try LocalFileSystem().makeUnsynced(source)
        try fill(source, 200_000)
        #expect(try expectRoundTrip(of: source, temporary).entries.count == 200_001)
    }

    @Test func moreThanTheMostIsRefusedBeforeAnythingIsRead() throws {
        let temporary = try TemporaryHome()
        let source = temporary.directory.appending("in")
        try LocalFileSystem().makeUnsynced(source)
        try fill(source, 3)
        let home = temporary.home.layout.home
        #expect(try Original.find([source], home: home, countMax: 4).count == 4)
        #expect(throws: VaultError.tooManyFiles(limit: 3)) {
            _ = try Original.find([source], home: home, countMax: 3)
        }
        #expect(EvidenceEntry.countMax == 1_000_000)
    }

    @Test func aDescriptionThatIsTooLongIsNoEvidence() {
        let bytes = [UInt8](repeating: 0x20, count: Evidence.byteCountMax + 1)
        #expect(throws: VaultError.malformedItem("evidence.json")) {
            _ = try Evidence(canonical: bytes)
        }
    }
}
