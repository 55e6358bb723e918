// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Storage
import Testing
import Vault

@Suite struct DepositTests {
    @Test func comesBackAsItWas() throws {
        let temporary = try TemporaryHome()
        let item = try temporary.home.createCase(named: "Río", now: TemporaryHome.now)
        let odd: [UInt8] = Array("in/odd ".utf8) + [0xff, 0x0a, 0xfe]
        try temporary.write("in/a.txt", pattern(100_000))
        try temporary.write("in/sub/empty", [])
        try temporary.write(odd, pattern(5))
        try Directory.make(temporary.directory.appending("in/nothing"))
        try FileManager.default.createSymbolicLink(
            atPath: temporary.directory.appending("in/loop").text,
            withDestinationPath: "."
        )
        let source = temporary.directory.appending("in")
        let deposit = try temporary.deposit([source], in: item, note: "al amanecer")
        #expect(deposit.index == 0)
        #expect(deposit.evidence.entries.first { $0.kind == .link }?.target == Array(".".utf8))

        let home = try temporary.reopened()
        let same = try home.findCase("Río")
        let listing = try home.findItem(String(deposit.item.prefix(8)), in: same)
        #expect(listing.summary?.fileCount == 3)
        #expect(listing.summary?.note == "al amanecer")
        let output = temporary.directory.appending("out")
        let (evidence, _) = try home.get(listing, from: same, into: output)
        #expect(evidence == deposit.evidence)
        #expect(try temporary.contents(output.appending("in/a.txt")) == pattern(100_000))
        #expect(try temporary.contents(output.appending("in/sub/empty")) == [])
        #expect(try temporary.contents(output.appending(odd)) == pattern(5))
        #expect(FileStatus.exists(output.appending("in/nothing")))
        #expect(!FileStatus.exists(output.appending("in/loop")))
        let before = try FileStatus(of: source.appending("a.txt"))
        let after = try FileStatus(of: output.appending("in/a.txt"))
        #expect(before.modifiedSeconds == after.modifiedSeconds)
        #expect(try Directory.names(in: output) == [Array("in".utf8)])
        #expect(try temporary.audit().problems == [])
    }

    @Test func neverOverwritesUnasked() throws {
        let temporary = try TemporaryHome()
        let item = try temporary.home.createCase(named: "c", now: TemporaryHome.now)
        let path = try temporary.write("in/a", pattern(10))
        let deposit = try temporary.deposit([path], in: item)
        let listing = try temporary.home.findItem(deposit.item, in: item)
        let output = temporary.directory.appending("out")
        let there = try temporary.write("out/a", [1])
        #expect(throws: VaultError.destinationExists(there)) {
            _ = try temporary.home.get(listing, from: item, into: output)
        }
        #expect(try temporary.contents(there) == [1])
        #expect(try Directory.names(in: output).count == 1)
        _ = try temporary.home.get(listing, from: item, into: output, overwriting: true)
        #expect(try temporary.contents(there) == pattern(10))
    }

    @Test(arguments: [0, 1, (16 << 20) - 1, 16 << 20, (16 << 20) + 1, 40 << 20])
    func takesAStream(_ count: Int) throws {
        let temporary = try TemporaryHome()
        let item = try temporary.home.createCase(named: "c", isClassic: true, now: 1)
        let bytes = pattern(count)
        let path = try temporary.write("stream", bytes)
        let deposit = try temporary.home.depositStream(
            OpenedFile.reading(path),
            name: Array("live.mp4".utf8),
            in: item,
            now: TemporaryHome.now
        )
        let parts = (count + ItemStream.partCount - 1) / ItemStream.partCount
        #expect(deposit.evidence.entries.first?.partCount == (parts > 1 ? parts : 0))
        let listing = try temporary.home.findItem(deposit.item, in: item)
        let output = temporary.directory.appending("out")
        _ = try temporary.home.get(listing, from: item, into: output)
        #expect(try temporary.contents(output.appending("live.mp4")) == bytes)
        #expect(try Directory.names(in: output).count == 1)
    }

    @Test func namesWhatCannotBeTaken() throws {
        let temporary = try TemporaryHome()
        let home = temporary.home.layout.home
        let missing = temporary.directory.appending("missing")
        #expect(throws: FileFailure(.inspect, missing, code: 2)) {
            _ = try Original.find([missing], home: home)
        }
        let one = try temporary.write("x/same", [1])
        let two = try temporary.write("y/same", [1])
        #expect(throws: VaultError.duplicateName(two)) {
            _ = try Original.find([one, two], home: home)
        }
        #expect(throws: VaultError.notAFile(BytePath("/dev/null"))) {
            _ = try Original.find([BytePath("/dev/null")], home: home)
        }
        #expect(throws: VaultError.nothingToDeposit) { _ = try Original.find([], home: home) }
    }

    @Test func stopsWhenAFileChangesOrVanishes() throws {
        let temporary = try TemporaryHome()
        let item = try temporary.home.createCase(named: "c", now: 1)
        let path = try temporary.write("in/a", pattern(3 << 20))
        for change in ["grow", "shrink", "vanish"] {
            let originals = try Original.find([path], home: temporary.home.layout.home)
            var isDone = false
            let error =
                change == "vanish"
                ? VaultError.vanishedWhileRead(path) : VaultError.changedWhileRead(path)
            #expect(throws: error) {
                _ = try temporary.home.deposit(originals, in: item, now: 1) { _ in
                    guard !isDone else { return }
                    isDone = true
                    if change == "vanish" { try Directory.remove(path) }
                    let url = URL(filePath: path.text)
                    if change == "grow" {
                        let handle = try FileHandle(forWritingTo: url)
                        try handle.seekToEnd()
                        try handle.write(contentsOf: [1])
                    }
                    if change == "shrink" {
                        try FileHandle(forWritingTo: url).truncate(atOffset: 600_000)
                    }
                }
            }
            try temporary.write("in/a", pattern(3 << 20))
        }
        let report = try temporary.audit()
        #expect(report.problems == [])
        #expect(report.entryCount == 0)
        #expect(report.interruptedCount == 0)
    }

    @Test func leavesItsOwnHomeOut() throws {
        let temporary = try TemporaryHome()
        let found = try Original.find([temporary.directory], home: temporary.home.layout.home)
        #expect(found.map(\.kind) == [.directory, .skipped])
    }
}
