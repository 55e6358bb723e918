// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Storage
import Testing
import Vault

@Suite struct ReceiptAuditTests {
    private let temporary: TemporaryHome
    private let item: Case

    init() throws {
        temporary = try TemporaryHome()
        item = try temporary.home.createCase(named: "c", now: 1)
    }

    /// Deposits a file of one byte, and keeps the receipt as the command does.
    @discardableResult
    private func deposit(_ byte: UInt8, in home: Home? = nil) throws -> (String, BytePath) {
        let home = home ?? temporary.home
        let path = try temporary.write("in/\(byte)", [byte])
        let deposit = try home.deposit(
            Original.find([path], home: home.layout.home),
            in: home.findCase("c"),
            now: TemporaryHome.now
        )
        return (deposit.item, try home.keepReceipt(of: deposit))
    }

    private func place(_ path: BytePath) -> String {
        "receipts/" + String(decoding: path.lastComponent, as: UTF8.self)
    }

    @Test func aReceiptThatIsMissingIsToldAndMadeAgain() throws {
        try deposit(1)
        let (second, path) = try deposit(2)
        try deposit(3)
        #expect(try temporary.audit() == temporary.audit(full: true))
        #expect(try temporary.audit().receiptsMissingCount == 0)
        try FileManager.default.removeItem(atPath: path.text)
        let report = try temporary.audit()
        #expect(report.problems == [])
        #expect(report.receiptsMissingCount == 1)
        #expect(try temporary.home.store.renewReceipts() == [second])
        #expect(try temporary.home.store.renewReceipts() == [])
        _ = try Receipt(parsing: temporary.contents(path)).verify(log: temporary.home.store.logKey)
        // All of them, and their directory.
        try FileManager.default.removeItem(atPath: path.parent.text)
        #expect(try temporary.audit().receiptsMissingCount == 3)
        #expect(try temporary.home.store.renewReceipts().count == 3)
        #expect(try temporary.audit().receiptsMissingCount == 0)
    }

    @Test func aReceiptThatProvesNothingIsNamedAndMadeAgain() throws {
        let (_, first) = try deposit(1)
        let (second, path) = try deposit(2)
        let good = try temporary.contents(path)
        let other = try TemporaryHome()
        let theirs = try other.home.createCase(named: "c", now: 1)
        let foreign = try other.deposit([other.write("a", [1])], in: theirs).receipt.bytes
        var flipped = good
        flipped[good.count / 2] ^= 1
        for bytes in [[], flipped, Array(good.dropLast()), try temporary.contents(first), foreign] {
            try Directory.replace(path, with: bytes)
            let report = try temporary.audit()
            #expect(report.problems == [.file(place(path))])
            #expect(report.receiptsMissingCount == 0)
            #expect(try temporary.home.store.renewReceipts() == [second])
            #expect(try temporary.audit().problems == [])
        }
        // A link is no receipt, wherever it leads.
        try FileManager.default.removeItem(atPath: path.text)
        try FileManager.default.createSymbolicLink(
            atPath: path.text,
            withDestinationPath: first.text
        )
        #expect(try temporary.audit().problems == [.file(place(path))])
        #expect(try temporary.home.store.renewReceipts() == [second])
        try Directory.replace(path.parent.appending("notes.txt"), with: [1])
        #expect(try temporary.audit().problems == [.stranger("receipts/notes.txt")])
    }

    @Test func aForgottenReceiptShowsThatTheLogWasSetBack() throws {
        try deposit(1)
        let copy = temporary.directory.appending("copy")
        try FileManager.default.copyItem(
            atPath: temporary.home.layout.home.text,
            toPath: copy.text
        )
        let (_, late) = try deposit(2)
        let twin = try Home.open(at: copy, passphrase: TemporaryHome.passphrase(), least: .demo)
        let receipts = twin.layout.receipts
        let forgotten = receipts.appending(late.lastComponent)
        try Directory.replace(forgotten, with: temporary.contents(late))
        func problems() throws -> [AuditReport.Problem] {
            try VaultStore(layout: twin.layout).audit(isFull: false).problems
        }
        #expect(try problems() == [.receiptAhead(place(late))])
        // Used again, it has another second entry; no command takes the witness away.
        try deposit(3, in: twin)
        #expect(try problems() == [.receiptFork(place(late))])
        #expect(try twin.store.renewReceipts() == [])
        try deposit(4, in: twin)
        #expect(try problems() == [.receiptFork(place(late))])
    }
}
