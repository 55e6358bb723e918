// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Many items that go to a node together.
@Suite(.serialized) struct ParallelSyncTests {
    @Test func manyItemsGoTogetherAndEachGetsItsReceipt() throws {
        let fixture = try DepositFixture()
        let node = try fixture.startNode()
        try fixture.makeVault("elena")
        try fixture.addRemote(node, home: "elena")
        let items = try (0..<11).map { try fixture.deposit(2000 + 700 * $0, home: "elena") }
        let first = try fixture.must(["sync"], home: "elena")
        #expect(first.contains("11 item(s) sent, 11 receipt(s)"), "\(first)")
        for item in items {
            let kept = fixture.folder.path("elena/remotes/node/receipts/\(item).receipt")
            #expect(FileManager.default.fileExists(atPath: kept))
        }
        let uploads = fixture.folder.path("elena/remotes/node/uploads")
        #expect(try FileManager.default.contentsOfDirectory(atPath: uploads).isEmpty)
        try fixture.must(["replica", "challenge"], home: "elena")
        let again = try fixture.must(["sync"], home: "elena")
        #expect(again.contains("0 item(s) sent, 0 receipt(s)"))
        #expect(node.terminate() == 0)
    }
}
