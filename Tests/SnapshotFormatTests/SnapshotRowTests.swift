// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import SnapshotFormat
import Testing

/// One row with a proof: `docs/spec/snapshot.md`, section 10.
@Suite struct SnapshotRowTests {
    private static func source(_ number: Int) throws -> SnapshotRecord {
        .source(
            SourceRecord(
                account: try Fixture.account("account-\(number)"),
                subject: Fixture.digest(UInt8(number)),
                visibility: .platformsOnly,
                history: [.init(state: .attested, tier: .attested, since: 0, until: nil)]
            )
        )
    }

    private static func proof(of number: Int, among count: Int) throws -> SnapshotRowProof {
        let file = try Fixture.file(records: (0..<count).map { try source($0) })
        let account = try Fixture.account("account-\(number)")
        return try #require(try SnapshotRowProof.about(account, in: file))
    }

    private static func open(_ bytes: [UInt8], now: Int64 = Fixture.made + 60) throws {
        try SnapshotRowProof(parsing: bytes).verify(by: Fixture.trust(), now: now)
    }

    /// What `scripts/verify/snapshot.py` says of it.
    private static func secondReader(
        _ bytes: [UInt8],
        now: Int64 = Fixture.made + 60
    ) throws -> String {
        try Fixture.secondReader([
            "file": .string(Base64.encode(bytes)), "now": .integer(now),
            "trust": Fixture.trust().json,
        ])
    }

    @Test func everyRowOfSnapshotsOfAllSizesIsProven() throws {
        for count in 1...17 {
            for number in 0..<count {
                let proof = try Self.proof(of: number, among: count)
                let again = try SnapshotRowProof(parsing: proof.bytes)
                #expect(again.bytes == proof.bytes)
                #expect(again.record == (try Self.source(number)))
                try again.verify(by: Fixture.trust(), now: Fixture.made)
                let text = String(decoding: proof.bytes, as: UTF8.self)
                let shown = (0..<count).filter { text.contains("\"account-\($0)\"") }
                #expect(shown == [number])
            }
        }
        for (number, count) in [(0, 1), (2, 3), (5, 8), (12, 13)] {
            let bytes = try Self.proof(of: number, among: count).bytes
            #expect(try Self.secondReader(bytes) == "right")
        }
    }

    @Test func everyFlippedByteAndEveryCutIsRefused() throws {
        let bytes = try Self.proof(of: 3, among: 7).bytes
        for index in bytes.indices {
            var copy = bytes
            copy[index] ^= 1
            #expect(throws: SnapshotError.self, "byte \(index)") { try Self.open(copy) }
        }
        for count in 0..<bytes.count {
            #expect(throws: SnapshotError.self, "\(count) bytes") {
                try Self.open(Array(bytes.prefix(count)))
            }
        }
        let more = Array(#"{"kind":"x"}"#.utf8) + [0x0a]
        #expect(throws: SnapshotError.malformed(line: 5)) { try Self.open(bytes + more) }
    }

    @Test func aRowOfAnotherPlaceOrSnapshotIsRefused() throws {
        let left = try lines(Self.proof(of: 3, among: 7))
        let right = try lines(Self.proof(of: 4, among: 7))
        let other = try lines(Self.proof(of: 3, among: 6))
        let stranger = try Self.source(99).json.canonicalText
        let all: [[String]] = [
            [left[0], left[1], left[2], right[3]], [left[0], left[1], right[2], left[3]],
            [other[0], other[1], left[2], left[3]], [left[0], left[1], left[2], stranger],
        ]
        for mixed in all {
            let bytes = Array(mixed.map { $0 + "\n" }.joined().utf8)
            #expect(throws: SnapshotError.recordsMismatch) { try Self.open(bytes) }
            #expect(try Self.secondReader(bytes) == "mixed")
        }
    }

    @Test func itHoldsAsLongAsItsSnapshotAndForItsAudience() throws {
        let proof = try Self.proof(of: 1, among: 3)
        let expires = Fixture.made + 7 * Fixture.day
        #expect(throws: SnapshotError.expired(at: expires)) {
            try Self.open(proof.bytes, now: expires)
        }
        #expect(try Self.secondReader(proof.bytes, now: expires) == "expired")
        #expect(throws: SnapshotError.notYetValid(from: Fixture.made)) {
            try Self.open(proof.bytes, now: Fixture.made - 1)
        }
        #expect(try Self.secondReader(proof.bytes, now: Fixture.made - 1) == "future")
        try proof.verify(by: Fixture.trust(), audience: .platform("example"), now: Fixture.made)
        #expect(throws: SnapshotError.wrongAudience) {
            try proof.verify(by: Fixture.trust(), audience: .everyone, now: Fixture.made)
        }
        #expect(throws: SnapshotError.tooFewSignatures(valid: 2, needed: 3)) {
            try proof.verify(by: Fixture.trust(threshold: 3), now: Fixture.made)
        }
        #expect(throws: SnapshotError.unwitnessed) {
            try proof.verify(by: Fixture.trust(witnesses: 2), now: Fixture.made)
        }
    }

    @Test func whatIsProvenIsTheRowOfTheAccountAndNoOther() throws {
        let file = try Fixture.file()
        let source = try SnapshotRowProof.about(Fixture.account("did:plc:reporter"), in: file)
        guard case .source = source?.record else {
            Issue.record("the source's row")
            return
        }
        guard case .limit = try SnapshotRowProof.about(Fixture.account("u3"), in: file)?.record
        else {
            Issue.record("the limit's row")
            return
        }
        // The row of a designation names others too.
        #expect(try SnapshotRowProof.about(Fixture.account("u1"), in: file) == nil)
        #expect(try SnapshotRowProof.about(Fixture.account("nobody"), in: file) == nil)
    }

    /// Without salts a neighbour's row could be guessed, and tried against the proof.
    @Test func aProofDoesNotLetAnybodyTryRows() throws {
        let bytes = try Self.proof(of: 0, among: 2).bytes
        let line = try #require(lines(SnapshotRowProof(parsing: bytes)).dropFirst(2).first)
        let path = try JSONValue(parsing: Array(line.utf8))["path"]?.array?.compactMap(\.string)
        let neighbour = try Self.source(1).json.canonicalBytes
        let bare = Hex.encode(Fixture.leaf([], neighbour))
        let known = try Hex.decode(#require(JSONValue(parsing: Array(line.utf8))["salt"]?.string))
        #expect(path?.count == 1)
        #expect(path?[0] != bare && path?[0] != Hex.encode(Fixture.leaf(known, neighbour)))
        // The snapshot's own salt is what gives it away, and it is not in the file.
        let salt = Fixture.rowSalt(1, Fixture.digest(3))
        #expect(path?[0] == Hex.encode(Fixture.leaf(salt, neighbour)))
        #expect(!line.contains(Hex.encode(Fixture.digest(3))))
    }

    private func lines(_ proof: SnapshotRowProof) -> [String] {
        String(decoding: proof.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
