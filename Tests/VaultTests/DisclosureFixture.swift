// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Storage
import Testing
import Vault

/// An item of three files and a directory, and packages that show parts of it.
struct DisclosureFixture {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    let temporary: TemporaryHome
    let item: Case
    let listing: ItemListing
    let evidence: Evidence

    init(note: String? = "sí", fileCount: Int = 3) throws {
        temporary = try TemporaryHome()
        item = try temporary.home.createCase(named: "c", isClassic: true, now: 1)
        try temporary.write("in/a.txt", pattern(2000))
        try temporary.write(Array("in/odd ".utf8) + [0xff], pattern(10, seed: 2))
        for number in 2..<max(fileCount, 2) {
            try temporary.write("in/sub/\(number).txt", pattern(number, seed: 3))
        }
        let deposit = try temporary.home.deposit(
            Original.find(
                [temporary.directory.appending("in")],
                home: temporary.home.layout.home
            ),
            in: item,
            options: DepositOptions(note: note, capturedAt: 1_700_000_000),
            now: TemporaryHome.now
        )
        listing = try temporary.home.findItem(deposit.item, in: item)
        evidence = try temporary.home.evidence(of: listing, in: item)
        #expect(evidence == deposit.evidence)
    }

    /// Writes a package and returns where it lies.
    @discardableResult
    func disclose(_ fields: [String], files: [String] = [], to name: String) throws -> BytePath {
        let output = temporary.directory.appending(name)
        _ = try temporary.home.disclose(
            DisclosureChoice(fields: fields, files: files, of: evidence),
            of: evidence,
            listing,
            in: item,
            to: output
        )
        return output
    }

    /// All bytes of all files of a package, and their names.
    static func everything(in package: BytePath) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for name in try Directory.names(in: package) {
            let path = package.appending(name)
            bytes += name + [0x0a]
            if try FileStatus(of: path).kind == .directory {
                bytes += try everything(in: path)
            } else {
                bytes += try Directory.contents(of: path, countMax: 1 << 24)
            }
        }
        return bytes
    }
}

/// `scripts/verify/disclosure.py`, which shares no code with us.
enum IndependentDisclosureVerifier {
    /// Verdicts on packages, in order: whether each verifies; nil without Python.
    static func verdicts(_ packages: [BytePath]) throws -> [Bool]? {
        let script = DisclosureFixture.root.appending(path: "scripts/verify/disclosure.py")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-B", script.path(), "--batch"]
        let list = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: list) }  // temporary anyway
        try Data(packages.map { $0.text + "\n" }.joined().utf8).write(to: list)
        process.standardInput = try FileHandle(forReadingFrom: list)
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        if process.terminationStatus == 127 {
            print("skipped: there is no python3")
            #expect(ProcessInfo.processInfo.environment["CI"] == nil)
            return nil
        }
        #expect(process.terminationStatus == 0)
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map { $0 == "ok" }
    }
}
