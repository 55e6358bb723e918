// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Statements
import Storage
import Testing
import Vault

/// Promise 4 of the vault: any change, removal, reordering or truncation of any item, statement or
/// tile is detected by `verify`.
@Suite struct Promise4Tests {
    /// What the promise is about; everything else in a home can be made again.
    private static let evidence = [
        "objects", "deposits", "log/tile", "log/checkpoint", "log.vkey", "format", "keyring",
        "recovery.age",
    ]

    private func filled() throws -> (TemporaryHome, [String]) {
        let temporary = try TemporaryHome()
        let item = try temporary.home.createCase(named: "c", now: 1)
        for number in 0..<3 {
            let path = try temporary.write("in/\(number)", pattern(600, seed: UInt64(number)))
            _ = try temporary.deposit([path], in: item)
        }
        let home = temporary.home.layout.home
        let walk = try #require(FileManager.default.enumerator(atPath: home.text))
        let files = walk.compactMap { $0 as? String }.filter { file in
            Self.evidence.contains { file == $0 || file.hasPrefix($0 + "/") }
                && (try? FileStatus(of: home.appending(file)).kind) == .file
        }
        return (temporary, files.sorted())
    }

    private func isNoticed(_ temporary: TemporaryHome) -> Bool {
        do {
            return try !temporary.audit().problems.isEmpty
        } catch {
            return error is VaultError
        }
    }

    /// Every file, in every way that a file can go wrong.
    @Test func everyChangeOfEveryFileIsDetected() throws {
        let (temporary, files) = try filled()
        let home = temporary.home.layout.home
        #expect(files.count >= 11)
        #expect(try temporary.audit().problems == [])
        // Tiles of earlier sizes are no part of the log any more.
        let tile = "log/tile/0/000.p/"
        for file in files where !file.hasPrefix(tile) || file == tile + "3" {
            let path = home.appending(file)
            let bytes = try temporary.contents(path)
            var changes = [
                Array(bytes.dropLast()), Array(bytes.dropFirst()), bytes + [0], [],
                bytes.reversed(),
            ]
            for offset in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 40)) {
                var changed = bytes
                changed[offset] ^= UInt8(1 << (offset % 8))
                changes.append(changed)
            }
            for (number, change) in changes.enumerated() where change != bytes {
                try Directory.replace(path, with: change)
                #expect(isNoticed(temporary), "\(file), change \(number)")
            }
            if file != "keyring" {
                try Directory.remove(path)
                #expect(isNoticed(temporary), "\(file), removed")
            }
            try Directory.replace(path, with: bytes)
        }
        #expect(try temporary.audit().problems == [])
    }

    /// Every two files of a kind, exchanged.
    @Test func everyExchangeIsDetected() throws {
        let (temporary, files) = try filled()
        let home = temporary.home.layout.home
        for kind in ["objects/", "deposits/"] {
            let places = files.filter { $0.hasPrefix(kind) }
            #expect(places.count == 3)
            for first in places {
                for second in places where first < second {
                    let (one, two) = (home.appending(first), home.appending(second))
                    let bytes = (try temporary.contents(one), try temporary.contents(two))
                    try Directory.replace(one, with: bytes.1)
                    try Directory.replace(two, with: bytes.0)
                    #expect(isNoticed(temporary), "\(first), \(second)")
                    try Directory.replace(one, with: bytes.0)
                    try Directory.replace(two, with: bytes.1)
                }
            }
        }
        #expect(try temporary.audit().problems == [])
    }

    /// Anything that is put where evidence lies.
    @Test(arguments: [
        "objects/x", "objects/ab/x.age", "deposits/x", "deposits/000000/000000003",
        "deposits/000000/x", "incoming/x", "x", "log/x", "log/tile/0/x", "cases/x", "colleagues/x",
    ])
    func everyFileThatIsPutThereIsDetected(name: String) throws {
        let (temporary, _) = try filled()
        let path = temporary.home.layout.home.appending(name)
        try Directory.make(path.parent)
        try Directory.replace(path, with: [1])
        #expect(isNoticed(temporary))
    }

    /// A home that was restored as a whole from an older copy agrees with itself.
    @Test func aRollbackIsDetectedAgainstReceiptsAndCheckpoints() throws {
        let (temporary, _) = try filled()
        let store = temporary.home.store
        let old = try store.log().note
        let copy = temporary.directory.appending("copy").text
        try FileManager.default.copyItem(atPath: temporary.home.layout.home.text, toPath: copy)
        let item = try temporary.home.findCase("c")
        let path = try temporary.write("in/more", pattern(10))
        let receipt = try temporary.deposit([path], in: item).receipt
        let new = try store.log().note
        try FileManager.default.removeItem(atPath: temporary.home.layout.home.text)
        try FileManager.default.moveItem(atPath: copy, toPath: temporary.home.layout.home.text)
        #expect(try store.audit(isFull: true).problems == [])
        let anchors = [Anchor.checkpoint(old), .checkpoint(new), .receipt(receipt)]
        let report = try store.audit(isFull: true, anchors: anchors)
        #expect(report.problems == [.anchor(1), .anchor(2)])
        #expect(report.anchorCount == 3)
        // Used again, it is another history of the same log, whatever its length.
        for round in 0..<2 as Range<UInt64> {
            let other = try temporary.write("in/other", pattern(11, seed: round))
            _ = try temporary.deposit([other], in: item)
            let forked = try store.audit(isFull: true, anchors: anchors)
            #expect(forked.problems == [.anchorFork(1), .anchorFork(2)])
        }
        // Another log's checkpoint proves nothing of this one.
        let other = try TemporaryHome()
        let note = try other.home.store.log().note
        let foreign = try store.audit(isFull: false, anchors: [.checkpoint(note)])
        #expect(foreign.problems == [.anchorForeign(0)])
    }

    /// The depositor alone, with one text, shows anybody that the item was accepted; whoever holds
    /// the store then cannot deny that it is gone.
    @Test func aReceiptProvesToOthersWhatWasAcceptedAndThenLost() throws {
        let (temporary, _) = try filled()
        let item = try temporary.home.findCase("c")
        let path = try temporary.write("in/more", pattern(10))
        let deposit = try temporary.deposit([path], in: item)
        let text = deposit.receipt.bytes
        let key = temporary.home.store.logKey
        let object = temporary.home.layout.objects.path(of: deposit.item)
        let sealed = try temporary.contents(object)
        let (statement, _) = try Receipt(parsing: text).verify(log: key)
        #expect(statement.ciphertextRoot == CiphertextRoot.hash(sealed))
        for offset in text.indices {
            var changed = text
            changed[offset] ^= 1
            #expect(throws: VaultError.self, "byte \(offset)") {
                _ = try Receipt(parsing: changed).verify(log: key)
            }
        }
        try Directory.remove(object)
        _ = try Receipt(parsing: text).verify(log: key)
        #expect(
            try temporary.audit(anchors: [deposit.receipt]).problems == [
                .objectMissing(index: 3, object: deposit.item)
            ]
        )
    }

    @Test func anIndexWithoutItsTriggersIsDetectedAndMadeAnew() throws {
        let (temporary, _) = try filled()
        let item = try temporary.home.findCase("c")
        #expect(try temporary.home.items(in: item).count == 3)
        let index = temporary.home.layout.index
        let path = index.text
        for change in [
            "DROP TRIGGER items_keep", "DROP INDEX items_by_case", "CREATE TABLE t (a)",
        ] {
            let sqlite = Process()
            sqlite.executableURL = URL(filePath: "/usr/bin/env")
            sqlite.arguments = ["sqlite3", path, change + ";"]
            try sqlite.run()
            sqlite.waitUntilExit()
            guard sqlite.terminationStatus != 127 else { return skip("sqlite3") }
            #expect(sqlite.terminationStatus == 0)
            #expect(try temporary.audit().problems == [.indexAltered], "\(change)")
            #expect(try temporary.home.items(in: item).count == 3)
            #expect(try temporary.audit().problems == [], "\(change)")
        }
        for change in ["DELETE FROM items", "UPDATE items SET size = 1"] {
            let sqlite = Process()
            sqlite.executableURL = URL(filePath: "/usr/bin/env")
            sqlite.arguments = ["sqlite3", path, change + ";"]
            sqlite.standardError = FileHandle.nullDevice
            try sqlite.run()
            sqlite.waitUntilExit()
            #expect(sqlite.terminationStatus != 0, "\(change)")
        }
        // Deleted while it is open, alone or with what SQLite keeps beside it.
        let open = try temporary.home.store.index()
        for suffix in ["", "-journal", "-wal", "-shm"] {
            let file = BytePath(index.bytes + Array(suffix.utf8))
            if FileStatus.exists(file) { try Directory.remove(file) }
            try Directory.replace(BytePath(index.bytes + Array("-journal".utf8)), with: [1])
            #expect(try temporary.home.items(in: item).count == 3)
        }
        #expect(try open.count() == 3)
    }

    private func skip(_ program: String) {
        print("skipped: \(program) is not installed")
        #expect(ProcessInfo.processInfo.environment["CI"] == nil)
    }
}
