// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Sodium
import Storage
import Testing
import Vault

/// Promise 5 of the vault: everything can be opened without Resguardo,
/// `age -d -i case.key item.age | tar x`.
@Suite struct Promise5Tests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Runs a shell command in the directory of a test; nil where a program is not installed.
    private func run(
        _ command: String,
        needs probe: String,
        in temporary: TemporaryHome
    ) throws -> Bool? {
        func shell(_ text: String) throws -> Int32 {
            let process = Process()
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", text]
            process.currentDirectoryURL = URL(filePath: temporary.directory.text)
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            return process.terminationStatus
        }
        guard try shell("\(probe) 2> /dev/null") == 0 else {
            print("skipped: \(probe) fails here")
            #expect(ProcessInfo.processInfo.environment["CI"] == nil)
            return nil
        }
        return try shell("set -e; \(command)") == 0
    }

    /// Names that need extended headers, an empty directory, and bytes of several chunks.
    private func deposit(_ temporary: TemporaryHome, in item: Case) throws -> Deposit {
        try temporary.write("in/a.txt", pattern(200_000))
        try temporary.write("in/ñandú \(String(repeating: "x", count: 120))", pattern(5))
        try temporary.write(Array("in/odd ".utf8) + [0xff], [])
        try Directory.make(temporary.directory.appending("in/empty"))
        return try temporary.deposit([temporary.directory.appending("in")], in: item, note: "n")
    }

    private func expectUnpacked(_ deposit: Deposit, _ temporary: TemporaryHome) throws {
        let output = temporary.directory.appending("stock")
        #expect(try temporary.contents(output.appending("evidence.json")) == deposit.evidence.bytes)
        let isSame = try run("diff -r in stock/original/in", needs: "diff --version", in: temporary)
        #expect(isSame ?? true)
        #expect(try Directory.names(in: output).count == 2)
    }

    @Test func ageAndTarOpenAnItemOfAClassicCase() throws {
        let temporary = try TemporaryHome()
        let item = try temporary.home.createCase(named: "c", isClassic: true, now: 1)
        let deposit = try deposit(temporary, in: item)
        let key = try #require(try item.identityText()?.reveal())
        try temporary.write("case.key", key + [0x0a])
        let object = temporary.home.layout.objects.path(of: deposit.item).text
        let isOpen = try run(
            "mkdir stock; age -d -i case.key '\(object)' > tar; tar x -C stock < tar",
            needs: "age --version",
            in: temporary
        )
        guard let isOpen else { return }
        #expect(isOpen)
        try expectUnpacked(deposit, temporary)
    }

    /// With the recovery key alone, by a program that shares no line with ours.
    @Test func theRecoveryKeyOpensAWriteOnlyCaseElsewhere() throws {
        let temporary = try TemporaryHome()
        let item = try temporary.home.createCase(named: "w", isWriteOnly: true, now: 1)
        let deposit = try deposit(temporary, in: item)
        try temporary.write("recovery.key", Array((temporary.recoveryKey + "\n").utf8))
        let layout = temporary.home.layout
        let record = layout.cases.appending(item.pseudonymText + ".1").appending("recovery.age")
        let object = layout.objects.path(of: deposit.item).text
        let age = "python3 '\(Self.root.appending(path: "scripts/verify/age_pq.py").path)' open"
        let isOpen = try run(
            """
            \(age) recovery.key '\(record.text)' > case.key; \(age) case.key '\(object)' > tar
            mkdir stock; tar x -C stock < tar
            """,
            needs: "python3 -c 'import cryptography'",
            in: temporary
        )
        guard let isOpen else { return }
        #expect(isOpen)
        try expectUnpacked(deposit, temporary)
    }
}
