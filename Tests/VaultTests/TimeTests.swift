// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Statements
import Storage
import Testing
import TransparencyLog
import Vault

/// What a statement binds.
///
/// Time stamps are tested with an authority, in `vault-time.txtar`.
@Suite struct TimeTests {
    private static let day: Int64 = 86_400

    private func deposit(_ temporary: TemporaryHome, _ item: Case, day: Int64) throws -> Deposit {
        let path = try temporary.write("in/a", pattern(10))
        return try temporary.home.deposit(
            Original.find([path], home: temporary.home.layout.home),
            in: item,
            now: TemporaryHome.now + day * Self.day
        )
    }

    @Test func bindsTheLastCheckpointOfTheDayBefore() throws {
        let temporary = try TemporaryHome()
        let item = try temporary.home.createCase(named: "c", now: 1)
        let store = temporary.home.store
        // On the first day there is nothing to bind.
        for _ in 0..<2 {
            let statement = try deposit(temporary, item, day: 0).receipt.statement()
            #expect(statement.afterCheckpoint == nil)
            #expect(statement.afterToken == nil)
        }
        let evening = try store.currentCheckpoint()
        for _ in 0..<2 {
            let statement = try deposit(temporary, item, day: 1).receipt.statement()
            #expect(statement.afterCheckpoint == evening.digest)
        }
        #expect(try store.checkpoints.newest() == evening)
        // A clock that jumps back keeps another checkpoint, none from the future.
        let before = try store.currentCheckpoint()
        let statement = try deposit(temporary, item, day: -900).receipt.statement()
        #expect(statement.afterCheckpoint == before.digest)
        #expect(try store.checkpoints.all().kept.map(\.checkpoint.size) == [2, 4])
        #expect(try temporary.audit().problems == [])
    }

    @Test func provesNothingWithoutAnybodyOutside() throws {
        let temporary = try TemporaryHome()
        let item = try temporary.home.createCase(named: "c", now: 1)
        _ = try deposit(temporary, item, day: 0)
        let second = try deposit(temporary, item, day: 1)
        let bracket = TimeBracket(
            of: try second.receipt.statement(),
            index: second.index,
            kept: try temporary.home.store.checkpoints.all().kept,
            roots: nil
        )
        #expect(bracket.earliest == nil)
        #expect(bracket.latest == nil)
        #expect(bracket.claimedDate == "2026-11-19")
    }

    @Test func findsWhatIsMissingOrContradicted() throws {
        let temporary = try TemporaryHome()
        let item = try temporary.home.createCase(named: "c", now: 1)
        _ = try deposit(temporary, item, day: 0)
        _ = try deposit(temporary, item, day: 1)
        let directory = temporary.home.layout.checkpoints
        let name = try #require(try Directory.names(in: directory).first)
        let path = directory.appending(name)
        let bytes = try temporary.contents(path)
        try Directory.remove(path)
        #expect(try temporary.audit().problems == [.boundMissing(index: 1)])
        try Directory.replace(path, with: bytes.dropLast(2) + [0x0a])
        let file = BytePath(name).text
        #expect(
            try temporary.audit().problems == [.checkpoint(file), .boundMissing(index: 1)]
        )
        // A damaged checkpoint stops nobody from depositing.
        _ = try deposit(temporary, item, day: 1)
        try Directory.replace(path, with: bytes)
        try Directory.replace(directory.appending("stray"), with: bytes)
        #expect(try temporary.audit().problems == [.checkpoint("stray")])
    }
}
