// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Storage
import Testing
import Vault

@Suite struct AuditTests {
    private func filled(_ count: Int = 3) throws -> (TemporaryHome, [Deposit]) {
        let temporary = try TemporaryHome()
        let item = try temporary.home.createCase(named: "c", now: 1)
        let deposits = try (0..<count).map { number in
            let path = try temporary.write("in/\(number)", pattern(2000, seed: UInt64(number)))
            return try temporary.deposit([path], in: item)
        }
        return (temporary, deposits)
    }

    private func rewrite(_ path: BytePath, _ change: (inout [UInt8]) -> Void) throws {
        var bytes = try Directory.contents(of: path, countMax: 1 << 24)
        change(&bytes)
        try Directory.replace(path, with: bytes)
    }

    @Test func findsBitRot() throws {
        let (temporary, deposits) = try filled()
        let object = deposits[1].item
        try rewrite(temporary.home.layout.objects.path(of: object)) { $0[1000] ^= 1 }
        #expect(try temporary.audit(full: false).problems == [])
        let found = AuditReport.Problem.objectChanged(index: 1, object: object)
        #expect(try temporary.audit().problems == [found])
    }

    @Test func findsAMissingAndACutObject() throws {
        let (temporary, deposits) = try filled()
        try Directory.remove(temporary.home.layout.objects.path(of: deposits[0].item))
        try rewrite(temporary.home.layout.objects.path(of: deposits[2].item)) { $0.removeLast() }
        #expect(
            try temporary.audit(full: false).problems == [
                .objectMissing(index: 0, object: deposits[0].item),
                .objectChanged(index: 2, object: deposits[2].item),
            ]
        )
    }

    @Test func findsSwappedObjects() throws {
        let (temporary, deposits) = try filled()
        let first = temporary.home.layout.objects.path(of: deposits[0].item)
        let second = temporary.home.layout.objects.path(of: deposits[1].item)
        let bytes = try temporary.contents(first)
        try Directory.replace(first, with: temporary.contents(second))
        try Directory.replace(second, with: bytes)
        #expect(
            try temporary.audit().problems == [
                .objectChanged(index: 0, object: deposits[0].item),
                .objectChanged(index: 1, object: deposits[1].item),
            ]
        )
        let item = try temporary.home.findCase("c")
        let listing = try temporary.home.findItem(deposits[0].item, in: item)
        #expect(throws: VaultError.objectDamaged(deposits[0].item)) {
            _ = try temporary.home.get(
                listing,
                from: item,
                into: temporary.directory.appending("out")
            )
        }
        #expect(try Directory.names(in: temporary.directory.appending("out")).isEmpty)
    }

    @Test func findsACutTileAndAChangedCheckpoint() throws {
        let (temporary, _) = try filled()
        let tile = temporary.home.layout.log.appending("tile/0/000.p/3")
        try rewrite(tile) { $0.removeLast() }
        let problems = try temporary.audit().problems
        #expect(problems == [.log(tile)])
        try rewrite(temporary.home.layout.log.appending("checkpoint")) { $0[40] ^= 1 }
        let checkpoint = temporary.home.layout.log.appending("checkpoint")
        #expect(try temporary.audit().problems == [.log(checkpoint)])
    }

    @Test func findsChangedStatements() throws {
        let (temporary, _) = try filled()
        try rewrite(temporary.home.layout.deposits.path(of: 1)) { $0[100] ^= 1 }
        #expect(try temporary.audit(full: false).problems.contains(.statement(index: 1)))
        try Directory.remove(temporary.home.layout.deposits.path(of: 1))
        #expect(try temporary.audit(full: false).problems.contains(.statement(index: 1)))
    }

    @Test func findsARollbackByWhatItLeftAndByReceipts() throws {
        let (temporary, first) = try filled(1)
        let log = temporary.home.layout.log
        let checkpoint = try temporary.contents(log.appending("checkpoint"))
        let tile = try temporary.contents(log.appending("tile/0/000.p/1"))
        let item = try temporary.home.findCase("c")
        let path = try temporary.write("in/more", pattern(10))
        let second = try temporary.deposit([path], in: item)
        try Directory.replace(log.appending("checkpoint"), with: checkpoint)
        try Directory.make(log.appending("tile/0/000.p"))
        try Directory.replace(log.appending("tile/0/000.p/1"), with: tile)
        #expect(
            try temporary.audit().problems == [
                .logSetBack(index: 1), .objectUnknown(second.item),
            ]
        )
        // Set back as a whole, nothing in the store tells any more, but a receipt does.
        try Directory.remove(temporary.home.layout.deposits.path(of: 1))
        try Directory.remove(temporary.home.layout.objects.path(of: second.item))
        #expect(try temporary.audit().problems == [])
        let anchors = [first[0].receipt, second.receipt]
        #expect(try temporary.audit(anchors: anchors).problems == [.anchor(1)])
    }

    @Test func findsAnEditedIndexAndRebuildsAMissingOne() throws {
        let (temporary, deposits) = try filled()
        let item = try temporary.home.findCase("c")
        #expect(try temporary.home.items(in: item).map(\.item) == deposits.map(\.item))
        let index = temporary.home.layout.index
        try Directory.remove(index)
        #expect(try temporary.audit().problems == [])
        #expect(try temporary.home.items(in: item).count == 3)
        let forged = try ItemIndex.replace(index)
        try forged.append { entries in
            let row = ItemIndex.Row(
                object: String(repeating: "00", count: 32),
                casePseudonym: "00",
                sizeBytes: 1,
                date: "",
                summary: []
            )
            return entries.lowerBound > 0 ? [] : [row]
        }
        #expect(try temporary.audit().problems == [.index(index: 0)])
        try Directory.replace(index, with: pattern(5000))
        #expect(try temporary.home.items(in: item).count == 3)
    }
}
