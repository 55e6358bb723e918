// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Foundation
import Registry
import Sodium
import Statements
import Storage
import Testing
import TransparencyLog

@Suite struct RegistryLogTests {
    @Test func aLogReadAgainGivesTheSameStateWithoutCheckingAgain() throws {
        let disk = try Disk()
        defer { disk.remove() }
        var world = try World()
        try world.accreditAll()
        let (subject, account) = try world.controlled()
        let forged = try Self.forged(in: world)
        #expect(world.append(forged) == .notSigned)
        let reader = try disk.log("a", world.log)
        let first = try RegistryLog(reader, asOf: .max, known: nil)
        let mark = try #require(first.mark)
        #expect(mark.wrong.count == 1)
        #expect(mark.size == UInt64(world.log.count))
        // A wrong signature stays wrong although nobody looks at it again.
        let again = try RegistryLog(reader, asOf: .max, known: mark)
        #expect(again.state.refused == first.state.refused)
        #expect(again.state.refused.map(\.reason) == [.notSigned])
        #expect(again.mark == mark)
        let period = again.state.standing(of: subject, account: account, at: World.start)
        #expect(period?.state == .controlled)
    }

    @Test func aLogThatDoesNotContinueWhatWasSeenIsRefused() throws {
        let disk = try Disk()
        defer { disk.remove() }
        var world = try World()
        try world.accreditAll()
        let seen = try RegistryLog(disk.log("a", world.log), asOf: .max, known: nil).mark
        let count = UInt64(world.log.count)
        let shorter = try disk.log("b", Array(world.log.dropLast()))
        #expect(throws: RegistryLogError.rolledBack(size: count - 1, seen: count)) {
            try RegistryLog(shorter, asOf: .max, known: seen)
        }
        var other = world.log
        other[2] = [1, 2, 3]
        let changed = try disk.log("c", other + [[4]])
        #expect(throws: RegistryLogError.rewritten(before: count)) {
            try RegistryLog(changed, asOf: .max, known: seen)
        }
        try world.pass(days: 1)
        let longer = try disk.log("d", world.log)
        let state = try RegistryLog(longer, asOf: .max, known: seen).state
        #expect(state.clock == World.start + World.day)
    }

    @Test func whatWasNotFoldedIsNotRemembered() throws {
        let disk = try Disk()
        defer { disk.remove() }
        var world = try World()
        try world.pass(days: 5)
        let reader = try disk.log("a", world.log)
        let past = try RegistryLog(reader, asOf: World.start, known: nil)
        #expect(past.mark == nil)
        #expect(past.size == 2)
        #expect(past.state.entryCount == 1)
    }

    @Test func aBatchDoesNotShowTheOrderOfArrival() throws {
        var world = try World()
        try world.accreditAll()
        let register = RegisterStatement(
            head: world.head,
            key: try World.publicKey("ana"),
            next: SHA256.hash([]),
            nonce: SHA256.hash([])
        )
        let account = try World.link("ana").commitment
        let prove = ProveControlStatement(
            head: world.head,
            subject: register.subject,
            account: account.bytes,
            method: .postedCode
        )
        let early = try World.envelope(
            VouchStatement(
                head: world.head,
                subject: register.subject,
                accounts: [account.bytes],
                epoch: RegistryEpoch(containing: World.start),
                verifier: World.keyID("press-1").bytes
            ),
            ["press-1"]
        )
        let pending = [
            try World.envelope(register, ["ana"]),
            try World.envelope(prove, ["ana", "press-1", "rights-1"]),
            early,
            try World.envelope(prove, ["ana"]),
        ]
        let batch = RegistryBatch(state: world.state, opening: nil, pending: pending)
        let turned = RegistryBatch(
            state: world.state,
            opening: nil,
            pending: pending.reversed()
        )
        #expect(batch.entries == turned.entries)
        #expect(Set(batch.accepted) == [0, 1, 2])
        #expect(batch.refused.map(\.place) == [3])
        #expect(batch.refused.map(\.reason) == [.noQuorum])
        for bytes in batch.entries { #expect(world.append(bytes) == nil) }
    }

    @Test func handingAProofInAgainDoesNotProlongControl() throws {
        var world = try World()
        try world.accreditAll()
        let (subject, account) = try world.controlled()
        let proof = try #require(world.log.last)
        let until = world.standing(subject, account)?.until
        try world.pass(days: 20)
        #expect(world.append(proof) == nil)
        #expect(world.standing(subject, account)?.until == until)
        try world.pass(days: 11)
        #expect(world.append(proof) == .wrongDate)
    }

    /// A registration that lists its key with a signature of another one.
    private static func forged(in world: World) throws -> [UInt8] {
        let statement = RegisterStatement(
            head: world.head,
            key: try World.publicKey("eva"),
            next: SHA256.hash([]),
            nonce: SHA256.hash([])
        )
        let stranger = try World.envelope(statement, ["stranger"])
        let theirs = Envelope.keyID(of: try World.key("stranger").publicKey)
        let hers = Envelope.keyID(of: try World.key("eva").publicKey)
        let text = String(decoding: stranger.bytes, as: UTF8.self)
        return Array(text.replacing(theirs, with: hers).utf8)
    }
}

/// A directory for logs on disk.
private struct Disk {
    private let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory
            .appending(path: "resguardo-registry-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: directory,
            withIntermediateDirectories: true
        )
    }

    func remove() {
        // What the test left behind is the system's to clean.
        try? FileManager.default.removeItem(at: directory)
    }

    /// A log with these entries.
    func log(_ name: String, _ entries: [[UInt8]]) throws -> TiledLogReader {
        let signer = NoteSigner(name: try KeyName(World.origin), key: try World.key("log"))
        let log = try TiledLog.create(
            directory: directory.path + "/" + name,
            signer: signer,
            keepsEntries: true,
            time: World.start
        )
        _ = try log.append(entries, time: World.start)
        return log.reader
    }
}
