// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Statements
import Testing
import TransparencyLog
import Vault

@Suite struct ReceiptTests {
    private func receipt() throws -> Receipt {
        let temporary = try TemporaryHome()
        let item = try temporary.home.createCase(named: "c", now: 1)
        let path = try temporary.write("in/a", pattern(10))
        _ = try temporary.deposit([path], in: item)
        return try temporary.deposit([path], in: item).receipt
    }

    @Test func provesADepositByItself() throws {
        let receipt = try receipt()
        let again = try Receipt(parsing: receipt.bytes)
        #expect(again == receipt)
        let (statement, checkpoint) = try again.verify()
        #expect(statement.date == "2026-11-18")
        #expect(checkpoint.size == 2)
        #expect(receipt.proof.index == 1)
        #expect(receipt.bytes.allSatisfy { $0 == 0x0a || $0 >= 0x20 })
    }

    @Test func refusesEveryChangedByte() throws {
        let bytes = try receipt().bytes
        for offset in bytes.indices {
            var changed = bytes
            changed[offset] ^= 0x01
            #expect(throws: VaultError.self, "byte \(offset)") {
                _ = try Receipt(parsing: changed).verify()
            }
        }
        for count in stride(from: 0, to: bytes.count, by: 7) {
            #expect(throws: VaultError.self, "\(count) bytes") {
                _ = try Receipt(parsing: Array(bytes.prefix(count))).verify()
            }
        }
    }

    @Test func refusesAnotherLog() throws {
        let (one, two) = (try receipt(), try receipt())
        #expect(throws: VaultError.invalidReceipt(.otherLog)) { _ = try one.verify(log: two.log) }
        _ = try one.verify(log: one.log)
        let mixed = Receipt(log: one.log, salt: two.salt, envelope: one.envelope, proof: one.proof)
        #expect(throws: VaultError.invalidReceipt(.inclusion)) { _ = try mixed.verify() }
        let stolen = Receipt(log: two.log, salt: one.salt, envelope: one.envelope, proof: one.proof)
        #expect(throws: VaultError.invalidReceipt(.checkpointSignature)) { _ = try stolen.verify() }
    }
}
