// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Statements
import Storage
import Testing
import Vault

/// SQLite writes past our file systems, so what a power cut can leave of the index is made here.
///
/// Any of the pages of a change may have reached the disk, and the others not.
///
/// Nothing depends on it: whoever lists makes it anew, and what SQLite cannot see an audit names.
@Suite struct IndexFaultTests {
    private static let pageCount = 4096

    /// A home, and its index before and after the change that is torn.
    private func torn() throws -> (TemporaryHome, Case, before: [UInt8], after: [UInt8]) {
        let temporary = try TemporaryHome()
        let item = try temporary.home.createCase(named: "c", now: 1)
        let index = temporary.home.layout.index
        func deposit(_ count: Int) throws {
            for number in 0..<count {
                let path = try temporary.write("in/a", pattern(10, seed: UInt64(number)))
                _ = try temporary.deposit([path], in: item)
            }
            _ = try temporary.home.items(in: item)
        }
        // Rows of the second change go to pages of their own and to those of the first.
        try deposit(3)
        let before = try temporary.contents(index)
        try deposit(4)
        return (temporary, item, before, try temporary.contents(index))
    }

    private func leave(_ bytes: [UInt8], journal: [UInt8]?, in temporary: TemporaryHome) throws {
        let index = temporary.home.layout.index
        let files = [("", Optional(bytes)), ("-journal", journal), ("-wal", nil), ("-shm", nil)]
        for (suffix, bytes) in files {
            let path = BytePath(index.bytes + Array(suffix.utf8))
            if FileStatus.exists(path) { try Directory.remove(path) }
            if let bytes { try Directory.replace(path, with: bytes) }
        }
    }

    /// Whoever lists never fails, and sees every item unless an audit before that said that the
    /// index is wrong: pages that fit each other can hide a row, which only all of them show.
    private func expectHonesty(
        _ temporary: TemporaryHome,
        _ item: Case,
        _ place: Comment
    ) throws -> Bool {
        let isNamed = try !temporary.audit(full: false).problems.isEmpty
        let names = try temporary.home.items(in: item).map(\.item)
        let isWhole = try names == everyObject(temporary)
        #expect(isWhole || isNamed, place)
        return isWhole
    }

    /// The objects in the order of the log.
    private func everyObject(_ temporary: TemporaryHome) throws -> [String] {
        let log = try temporary.home.store.log()
        return try (0..<log.size).map { index in
            try temporary.home.store.record(index, in: log).statement.ciphertextRoot
                .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }
    }

    @Test func whicheverPagesWereWrittenNothingIsHidden() throws {
        let (temporary, item, before, after) = try torn()
        let pages = after.count / Self.pageCount
        #expect(pages >= 5 && after.count % Self.pageCount == 0)
        var wholeCount = 0
        for written in 0..<(1 << pages) {
            var mixed: [UInt8] = []
            for page in 0..<pages {
                let range = (page * Self.pageCount)..<((page + 1) * Self.pageCount)
                if written >> page & 1 == 1 {
                    mixed += after[range]
                } else if range.upperBound <= before.count {
                    mixed += before[range]
                } else {
                    mixed += [UInt8](repeating: 0, count: Self.pageCount)
                }
            }
            try leave(mixed, journal: written % 3 == 0 ? pattern(700) : nil, in: temporary)
            let place: Comment = "pages \(String(written, radix: 2))"
            if try expectHonesty(temporary, item, place) { wholeCount += 1 }
        }
        // Most of them show at once.
        #expect(wholeCount > (1 << pages) / 2)
    }

    @Test func howeverShortItIsItIsMadeAnew() throws {
        let (temporary, item, _, after) = try torn()
        for count in stride(from: 0, through: after.count, by: Self.pageCount / 2) {
            for end in [count, count + 1, count + 100] where end < after.count {
                try leave(Array(after[..<end]), journal: nil, in: temporary)
                #expect(try expectHonesty(temporary, item, "\(end) bytes"), "\(end) bytes")
            }
        }
    }

    @Test func aByteThatRotsAnywhereHidesNothing() throws {
        let (temporary, item, _, after) = try torn()
        for offset in stride(from: 0, to: after.count, by: 197) {
            var changed = after
            changed[offset] ^= 0x55
            try leave(changed, journal: nil, in: temporary)
            _ = try expectHonesty(temporary, item, "byte \(offset)")
        }
    }
}
