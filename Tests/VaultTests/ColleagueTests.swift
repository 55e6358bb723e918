// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Storage
import Testing
import Vault

@Suite struct ColleagueTests {
    /// Two homes with one case, and a directory that both see.
    private struct Pair {
        let alice: TemporaryHome
        let bob: TemporaryHome
        let directory: BytePath

        init() throws {
            alice = try TemporaryHome()
            bob = try TemporaryHome()
            directory = alice.directory.appending("exchange")
            try Directory.make(directory)
            let item = try alice.home.createCase(named: "c", now: 1)
            let box = try alice.home.share(item, with: [bob.home.contactRecipient()])
            _ = try bob.home.accept(box)
        }

        var shared: BytePath {
            get throws { directory.appending(try alice.home.findCase("c").pseudonymText) }
        }

        func sync(_ temporary: TemporaryHome) throws -> ExchangeReport {
            try temporary.home.exchange(temporary.home.findCase("c"), through: directory)
        }

        func deposit(_ temporary: TemporaryHome, _ byte: UInt8) throws -> Deposit {
            let path = try temporary.write("in/a", [byte])
            return try temporary.deposit([path], in: temporary.home.findCase("c"))
        }
    }

    @Test func aBoxDoesNotShowHowManyColleaguesThereAre() throws {
        let alice = try TemporaryHome()
        let bob = try TemporaryHome()
        let item = try alice.home.createCase(named: "c", now: 1)
        let recipient = try bob.home.contactRecipient()
        let one = try alice.home.share(item, with: [recipient])
        let others = try (0..<7).map { _ in try TemporaryHome().home.contactRecipient() }
        let eight = try alice.home.share(item, with: [recipient] + others)
        let longer = try alice.home.share(
            alice.home.rotate(item, isWriteOnly: false),
            with: [recipient]
        )
        #expect(one.count == eight.count && one.count == longer.count)
        #expect(throws: VaultError.tooManyColleagues(limit: 8)) {
            _ = try alice.home.share(item, with: Array(repeating: recipient, count: 9))
        }
        #expect(throws: VaultError.notAColleague) {
            _ = try alice.home.share(item, with: ["age1"])
        }
        let stranger = try TemporaryHome()
        #expect(throws: VaultError.shareForOthers) { _ = try stranger.home.accept(one) }
        var damaged = one
        damaged[damaged.count - 9] ^= 1
        #expect(throws: VaultError.malformedShare) { _ = try bob.home.accept(damaged) }
        #expect(try bob.home.accept(eight).name == "c")
    }

    @Test func colleaguesReadWhatTheOtherDeposits() throws {
        let pair = try Pair()
        let mine = try pair.deposit(pair.alice, 1)
        let theirs = try pair.deposit(pair.bob, 2)
        #expect(try pair.sync(pair.alice).exportedCount == 1)
        let first = try pair.sync(pair.bob)
        #expect((first.exportedCount, first.importedCount, first.refused.count) == (1, 1, 0))
        #expect(try pair.sync(pair.alice).importedCount == 1)
        // A second time, nothing is left to do.
        let again = try pair.sync(pair.bob)
        #expect((again.exportedCount, again.importedCount, again.refused.count) == (0, 0, 0))
        for (temporary, deposit, byte) in [(pair.bob, mine, 1 as UInt8), (pair.alice, theirs, 2)] {
            let item = try temporary.home.findCase("c")
            let listing = try temporary.home.findItem(deposit.item, in: item)
            #expect(listing.member != nil)
            #expect(listing.summary?.names == ["a"])
            let output = temporary.directory.appending("out")
            _ = try temporary.home.get(listing, from: item, into: output)
            #expect(try temporary.contents(output.appending("a")) == [byte])
            #expect(try temporary.audit().problems == [])
        }
    }

    @Test func rotationShutsOutWhoIsNotSharedWithAgain() throws {
        let pair = try Pair()
        let rotated = try pair.alice.home.rotate(
            pair.alice.home.findCase("c"),
            isWriteOnly: false
        )
        let deposit = try pair.deposit(pair.alice, 1)
        _ = try pair.sync(pair.alice)
        _ = try pair.sync(pair.bob)
        func read() throws {
            let item = try pair.bob.home.findCase("c")
            let listing = try pair.bob.home.findItem(deposit.item, in: item)
            let output = pair.bob.directory.appending("out")
            _ = try pair.bob.home.get(listing, from: item, into: output)
        }
        #expect(throws: VaultError.self) { try read() }
        let box = try pair.alice.home.share(rotated, with: [pair.bob.home.contactRecipient()])
        #expect(try pair.bob.home.accept(box).key.number == 2)
        try read()
    }

    @Test func whoeverElseWritesThereForgesNothing() throws {
        let pair = try Pair()
        let first = try pair.deposit(pair.alice, 1)
        let second = try pair.deposit(pair.alice, 2)
        _ = try pair.sync(pair.alice)
        let shared = try pair.shared
        let files = ["age", "receipt"].map { kind in
            [first, second].map { shared.appending("\($0.item).\(kind)") }
        }
        // Swapped objects, a receipt under another name, garbage, a directory, a stranger's case.
        let swapped = try files[0].map { try pair.alice.contents($0) }
        try Directory.replace(files[0][0], with: swapped[1])
        let name = String(repeating: "ab", count: 32)
        try Directory.replace(
            shared.appending("\(name).receipt"),
            with: pair.alice.contents(files[1][1])
        )
        try Directory.replace(
            shared.appending(String(repeating: "cd", count: 32) + ".receipt"),
            with: pattern(500)
        )
        try Directory.make(shared.appending(String(repeating: "ef", count: 32) + ".receipt"))
        try Directory.replace(shared.appending("zz.receipt"), with: [])
        // Without its certificate, nobody's item is taken in.
        let member = try #require(
            Directory.names(in: shared).first { $0.suffix(7).elementsEqual(".member".utf8) }
        )
        let certificate = try pair.alice.contents(shared.appending(member))
        try Directory.replace(shared.appending(member), with: pattern(300))
        var report = try pair.sync(pair.bob)
        #expect(report.importedCount == 0)
        let reasons = report.refused.map(\.reason)
        #expect(reasons.count { $0 == .unknownMember } == 2)
        #expect(reasons.count { $0 == .malformed } == 4)
        try Directory.replace(shared.appending(member), with: certificate)
        report = try pair.sync(pair.bob)
        #expect(report.importedCount == 1)
        #expect(report.refused.contains { $0.reason == .objectChanged })
        // Truncated is not arrived; put right, it is taken in.
        try Directory.replace(files[0][0], with: Array(swapped[0].dropLast()))
        #expect(try pair.sync(pair.bob).waitingCount == 1)
        #expect(try pair.sync(pair.alice).refused.isEmpty == false)
        #expect(try pair.sync(pair.bob).importedCount == 1)
        #expect(try pair.bob.audit().problems == [])
    }

    @Test func whatIsLostOfAColleaguesIsTakenInAgain() throws {
        let pair = try Pair()
        let deposit = try pair.deposit(pair.alice, 1)
        _ = try pair.sync(pair.alice)
        #expect(try pair.sync(pair.bob).importedCount == 1)
        let colleagues = pair.bob.home.store.colleagues
        let object = colleagues.objects.path(of: deposit.item)
        let receipt = pair.bob.home.layout.colleagues.appending("receipts/\(deposit.item).receipt")
        let bytes = try pair.bob.contents(object)
        func sync(isFull: Bool) throws -> Int {
            let item = try pair.bob.home.findCase("c")
            let report = try pair.bob.home.exchange(item, through: pair.directory, isFull: isFull)
            #expect(report.refused == [])
            return report.importedCount
        }
        // Missing, truncated, longer, without its receipt: the next exchange brings it.
        for damage in [
            { try FileManager.default.removeItem(atPath: object.text) },
            { try Directory.replace(object, with: Array(bytes.dropLast())) },
            { try Directory.replace(object, with: bytes + [0]) },
            { try FileManager.default.removeItem(atPath: receipt.text) },
            { try Directory.replace(receipt, with: [1]) },
        ] {
            try damage()
            #expect(try sync(isFull: false) == 1)
            #expect(try pair.bob.contents(object) == bytes)
            #expect(try pair.bob.audit().problems == [])
        }
        // Rot of the same length shows to who reads: the audit names it, a full exchange mends it.
        var rotten = bytes
        rotten[bytes.count / 2] ^= 1
        try Directory.replace(object, with: rotten)
        let group = deposit.item.prefix(2)
        let place = "colleagues/objects/\(group)/\(deposit.item).age"
        #expect(try pair.bob.audit().problems == [.file(place)])
        #expect(try sync(isFull: false) == 0)
        #expect(try sync(isFull: true) == 1)
        #expect(try pair.bob.contents(object) == bytes)
        #expect(try pair.bob.audit().problems == [])
        #expect(try sync(isFull: true) == 0)
    }

    @Test func aLinkInPlaceOfTheSharedFolderIsRefused() throws {
        let pair = try Pair()
        _ = try pair.deposit(pair.alice, 1)
        let elsewhere = pair.alice.directory.appending("elsewhere")
        try Directory.make(elsewhere)
        try FileManager.default.createSymbolicLink(
            atPath: pair.shared.text,
            withDestinationPath: elsewhere.text
        )
        #expect(throws: FileFailure.self) { _ = try pair.sync(pair.alice) }
        #expect(try Directory.names(in: elsewhere).isEmpty)
    }

    @Test func twoCopiesOfAHomeFindEachOtherOut() throws {
        let pair = try Pair()
        let copy = pair.alice.directory.appending("copy")
        try FileManager.default.copyItem(
            atPath: pair.alice.home.layout.home.text,
            toPath: copy.text
        )
        let twin = try Home.open(at: copy, passphrase: TemporaryHome.passphrase(), least: .demo)
        _ = try pair.deposit(pair.alice, 1)
        let path = try pair.alice.write("in/b", [2])
        let other = try twin.deposit(
            Original.find([path], home: copy),
            in: twin.findCase("c"),
            now: TemporaryHome.now
        )
        // Each alone is consistent; the other's receipt shows the fork.
        #expect(try pair.alice.audit().problems == [])
        #expect(try !pair.alice.audit(anchors: [other.receipt]).problems.isEmpty)
        // So does the shared directory, for them and for a colleague.
        _ = try twin.exchange(twin.findCase("c"), through: pair.directory)
        #expect(try pair.sync(pair.alice).refused.map(\.reason) == [.ownFork])
        let report = try pair.sync(pair.bob)
        #expect(report.importedCount == 1)
        #expect(report.refused.map(\.reason) == [.fork])
    }
}
