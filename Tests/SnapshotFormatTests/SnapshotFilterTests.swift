// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import SnapshotFormat
import Sodium
import Testing
import TransparencyLog

@Suite struct GolombSetTests {
    private func hash(_ byte: UInt8 = 7) throws -> SipHash24 {
        try SipHash24(key: [UInt8](repeating: byte, count: 16))
    }

    private func item(_ number: Int) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    // BIP-158, appendix C: the genesis block of testnet, whose one item is an output's script.
    @Test func hasTheBitsOfTheStandardsVector() throws {
        let key = Array(
            try Hex.decode("000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943")
                .reversed().prefix(16)
        )
        let script = try Hex.decode(
            "4104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4"
                + "f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac"
        )
        let set = GolombSet([script], hash: try SipHash24(key: key))
        // The standard puts the count, 01, in front.
        #expect(Hex.encode(set.bytes) == "9dfca8")
        #expect(set.contains(script))
    }

    @Test(arguments: [0, 1, 2, 12, 1000]) func whatIsInItIsFoundAfterATrip(_ count: Int) throws {
        let set = GolombSet((0..<count).map(item), hash: try hash())
        let read = try #require(GolombSet(bits: set.bytes, count: count, hash: try hash()))
        #expect(read == set)
        #expect((0..<count).allSatisfy { read.contains(item($0)) })
        #expect(set.bytes.count <= count * 21 / 8 + 8)
    }

    @Test func whatIsNotInItIsTakenForItOnceInMPlusMinusThreeSigma() throws {
        let set = GolombSet((0..<10_000).map(item), hash: try hash())
        let tries = 8_000_000
        let found = (10_000..<10_000 + tries).count { set.contains(item($0)) }
        let expected = Double(tries) / Double(GolombSet.falsePositiveInverse)
        print("\(found) false positives of \(expected) expected")
        #expect((Double(found) - expected).magnitude <= 3 * expected.squareRoot())
    }

    @Test func otherBitsThanTheOneWayAreRefused() throws {
        let set = GolombSet((0..<5).map(item), hash: try hash())
        let bits = set.bytes
        func isRead(_ bits: [UInt8], _ count: Int = 5) throws -> Bool {
            GolombSet(bits: bits, count: count, hash: try hash()) != nil
        }
        #expect(try isRead(bits))
        #expect(try !isRead(bits + [0]))
        #expect(try !isRead(Array(bits.dropLast())))
        #expect(try !isRead(bits, 4))
        #expect(try !isRead([UInt8](repeating: 0xff, count: 64)))
        // Five items of 20 or more bits leave room in the last byte, which has to be zeros.
        let padded = bits.dropLast() + [bits[bits.count - 1] | 1]
        #expect(try isRead(Array(padded)) == (padded.last == bits.last))
    }
}

@Suite struct SnapshotFilterTests {
    private static let now = Fixture.made + 60

    private func source(_ id: String, _ state: SourceState) throws -> SnapshotRecord {
        .source(
            SourceRecord(
                account: try Fixture.account(id),
                subject: Fixture.digest(7),
                visibility: .everyone,
                history: [
                    .init(
                        state: state,
                        tier: state == .attested ? .attested : .none,
                        since: Fixture.made - 1,
                        until: nil
                    )
                ]
            )
        )
    }

    private func filter(
        version: Int64 = 5,
        signers: [UInt8] = [1, 2],
        note: SignedNote? = nil
    ) throws -> SnapshotFilter {
        let records = [try source("ana", .attested), try source("eva", .memorial)]
        let file = try Fixture.file(
            version: version,
            records: records,
            audience: .everyone,
            note: note
        )
        // Whoever makes a filter may have believed too much.
        let trust = try Fixture.trust(witnesses: 0)
        let snapshot = try Fixture.open(file.bytes, audience: .everyone, trust: trust)
        var filter = try #require(SnapshotFilter(of: snapshot))
        for signer in signers { filter.sign(with: try Fixture.key(signer)) }
        return filter
    }

    private func open(
        _ bytes: [UInt8],
        now: Int64 = now,
        lastSeen: SnapshotSeen? = nil
    ) throws -> SnapshotSeen {
        try SnapshotFilter(parsing: bytes).verify(by: Fixture.trust(), now: now, lastSeen: lastSeen)
    }

    @Test func answersBothQuestionsAfterATrip() throws {
        let bytes = try filter().bytes
        _ = try open(bytes)
        let read = try SnapshotFilter(parsing: bytes)
        #expect(read.bytes == bytes)
        #expect(read.isAttested(try Fixture.account("ana")))
        #expect(!read.isWarnedOf(try Fixture.account("ana")))
        #expect(read.isWarnedOf(try Fixture.account("eva")))
        #expect(!read.isAttested(try Fixture.account("eva")))
        #expect(!read.isAttested(try Fixture.account("ana", on: "elsewhere")))
    }

    @Test func onlyAPublicSnapshotHasAFilter() throws {
        #expect(SnapshotFilter(of: try Fixture.open(Fixture.file().bytes)) == nil)
    }

    @Test func rollbackTwoFacesFreezeAndTooFewSignaturesAreRefused() throws {
        let bytes = try filter().bytes
        let seen = try open(bytes)
        #expect(try open(bytes, lastSeen: seen) == seen)
        let newer = SnapshotSeen(version: 6, digest: seen.digest)
        #expect(throws: SnapshotError.rolledBack(version: 5, lastSeen: 6)) {
            try open(bytes, lastSeen: newer)
        }
        let other = SnapshotSeen(version: 5, digest: Fixture.digest(1))
        #expect(throws: SnapshotError.equivocates(version: 5)) { try open(bytes, lastSeen: other) }
        let end = Fixture.made + 7 * Fixture.day
        #expect(throws: SnapshotError.expired(at: end)) { try open(bytes, now: end) }
        #expect(throws: SnapshotError.notYetValid(from: Fixture.made)) {
            try open(bytes, now: Fixture.made - 1)
        }
        let few = try filter(signers: [1]).bytes
        #expect(throws: SnapshotError.tooFewSignatures(valid: 1, needed: 2)) { try open(few) }
    }

    @Test func aLogThatNobodySawOrThatShrankIsRefused() throws {
        let text = try Fixture.note().text
        let alone = try filter(note: Fixture.log().note(text)).bytes
        #expect(throws: SnapshotError.unwitnessed) { try open(alone) }
        var late = try Fixture.log().note(text)
        late.add(try Fixture.witness().cosign(text, time: Fixture.made - 8 * Fixture.day))
        let old = try filter(note: late).bytes
        #expect(throws: SnapshotError.notWitnessedThen) { try open(old) }
        let bytes = try filter().bytes
        let seen = SnapshotSeen(version: 4, digest: Fixture.digest(1), size: 13)
        #expect(throws: SnapshotError.olderLog(size: 12, lastSeen: 13)) {
            try open(bytes, lastSeen: seen)
        }
        #expect(try open(bytes).size == 12)
    }

    @Test func everyAlteredByteIsRefused() throws {
        let bytes = try filter().bytes
        for index in bytes.indices {
            var altered = bytes
            altered[index] ^= 1
            #expect(throws: SnapshotError.self) { try open(altered) }
        }
        #expect(throws: SnapshotError.recordsMismatch) { try open(bytes + [0]) }
    }
}
