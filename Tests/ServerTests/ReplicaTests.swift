// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Copies of one case in several places: each is held to what it said, and mended by the others.
@Suite(.serialized) struct ReplicaTests {
    @Test func namesANodeThatLostOrChangedPiecesAndMendsIt() throws {
        let fixture = try DepositFixture()
        let node = try fixture.startNode()
        try fixture.makeVault("elena")
        try fixture.addRemote(node, home: "elena")
        let items = try [2_100_000, 900, 900].map { try fixture.deposit($0, home: "elena") }
        try fixture.must(["sync"], home: "elena")
        let right = try fixture.must(["replica", "challenge", "--pieces", "3"], home: "elena")
        #expect(right.contains("3 of 3 item(s) are there"))
        let room = try fixture.room()
        try Self.damage(room.appending(path: "\(items[1]).age"))
        try FileManager.default.removeItem(at: room.appending(path: "\(items[2]).age"))
        let wrong = try fixture.run(["replica", "challenge"], home: "elena")
        #expect(wrong.code == 3)
        #expect(wrong.output.contains("CHANGED: node gives other bytes for \(items[1])"))
        #expect(wrong.output.contains("LOST: node does not give \(items[2])"))
        #expect(wrong.output.contains("1 of 3 item(s)"))
        // What was lost or changed is sent again, from the vault that has it.
        let sync = try fixture.run(["sync"], home: "elena")
        #expect(sync.code == 3 && sync.output.contains("2 item(s) sent"), "\(sync.output)")
        try fixture.must(["replica", "challenge", "--pieces", "3"], home: "elena")
        for item in items {
            let stored = try Array(Data(contentsOf: room.appending(path: "\(item).age")))
            #expect(try stored == fixture.object(item, home: "elena"))
        }
        #expect(try fixture.must(["sync"], home: "elena").contains("0 item(s) sent"))
        #expect(node.terminate() == 0)
    }

    @Test func aVaultTakesBackFromANodeWhatItLost() throws {
        let fixture = try DepositFixture()
        let node = try fixture.startNode()
        try fixture.makeVault("elena")
        try fixture.addRemote(node, home: "elena")
        let items = try [1_300_000, 900, 900].map { try fixture.deposit($0, home: "elena") }
        try fixture.must(["sync"], home: "elena")
        let whole = try items.map { try fixture.object($0, home: "elena") }
        func place(_ item: String) -> URL {
            fixture.url("elena/objects/\(item.prefix(2))/\(item).age")
        }
        try FileManager.default.removeItem(at: place(items[0]))
        try Self.damage(place(items[1]))
        // A length tells at once; what rotted in its place is found by reading everything.
        let first = try fixture.must(["sync"], home: "elena")
        #expect(first.contains("REPAIRED: \(items[0])") && !first.contains(items[1]))
        let second = try fixture.must(["sync", "--full"], home: "elena")
        #expect(second.contains("REPAIRED: \(items[1])") && !second.contains(items[0]))
        for (item, bytes) in zip(items, whole) {
            #expect(try fixture.object(item, home: "elena") == bytes)
        }
        try fixture.must(["verify", "--full"], home: "elena")
        // Gone in both places: said, and nothing else stops because of it.
        try FileManager.default.removeItem(at: place(items[2]))
        let room = try fixture.room()
        try FileManager.default.removeItem(at: room.appending(path: "\(items[2]).age"))
        let late = try fixture.deposit(700, home: "elena")
        let third = try fixture.run(["sync"], home: "elena")
        #expect(third.code == 3 && third.output.contains("DAMAGED: \(items[2])"))
        #expect(third.output.contains("LOST: node gave a receipt for \(items[2])"))
        #expect(
            try Array(Data(contentsOf: room.appending(path: "\(late).age")))
                == fixture.object(late, home: "elena")
        )
        #expect(node.terminate() == 0)
    }

    @Test func whatOneNodeCannotGiveAnotherDoes() throws {
        let fixture = try DepositFixture()
        let other = try DepositFixture(log: "other.example/vault")
        let nodes = [try fixture.startNode(), try other.startNode()]
        try fixture.makeVault("elena")
        try fixture.addRemote(nodes[0], home: "elena", name: "a")
        try fixture.must(
            ["remote", "add", "b", nodes[1].url, "--log-key", other.logKey],
            home: "elena"
        )
        let item = try fixture.deposit(1_300_000, home: "elena")
        try fixture.must(["sync"], home: "elena")
        let whole = try fixture.object(item, home: "elena")
        try Self.damage(fixture.room().appending(path: "\(item).age"))
        try FileManager.default.removeItem(
            at: fixture.url("elena/objects/\(item.prefix(2))/\(item).age")
        )
        // The first node gives other bytes, the second one the right ones.
        let sync = try fixture.run(["sync"], home: "elena")
        #expect(sync.code == 3 && sync.output.contains("REPAIRED: \(item)"), "\(sync.output)")
        #expect(sync.output.contains("CHANGED: a gives other bytes for \(item)"))
        #expect(try fixture.object(item, home: "elena") == whole)
        // And the first one is mended from here.
        try fixture.must(["sync"], home: "elena")
        let stored = try fixture.room().appending(path: "\(item).age")
        #expect(try Array(Data(contentsOf: stored)) == whole)
        for node in nodes { #expect(node.terminate() == 0) }
    }

    /// Changes a byte of a file in its place, whatever its mode.
    static func damage(_ file: URL) throws {
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 1
        try FileManager.default.removeItem(at: file)
        try bytes.write(to: file)
    }
}
