// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import SnapshotFormat
import Sodium
import Testing
import TransparencyLog

@Suite struct SnapshotVerificationTests {
    @Test func aSignedSnapshotSurvivesTheWayThroughBytes() throws {
        let file = try Fixture.file()
        let again = try SnapshotFile(parsing: file.bytes)
        #expect(again.bytes == file.bytes)
        let snapshot = try Fixture.open(file.bytes)
        #expect(snapshot.header.version == 5)
        #expect(snapshot.header.expires == Fixture.made + 7 * Fixture.day)
        #expect(snapshot.seen.digest == file.digest)
    }

    @Test func everyFlippedByteIsRefused() throws {
        let bytes = try Fixture.file().bytes
        for index in bytes.indices {
            var copy = bytes
            copy[index] ^= 1
            #expect(throws: SnapshotError.self, "byte \(index)") { try Fixture.open(copy) }
        }
    }

    @Test func everyTruncationIsRefused() throws {
        let bytes = try Fixture.file().bytes
        for count in 0..<bytes.count {
            #expect(throws: SnapshotError.self, "\(count) bytes") {
                try Fixture.open(Array(bytes.prefix(count)))
            }
        }
        #expect(throws: SnapshotError.truncated(line: 1)) { try Fixture.open([]) }
    }

    @Test func recordsOfAnotherSnapshotAreRefused() throws {
        let left = lines(try Fixture.file())
        let right = lines(try Fixture.file(records: Array(Fixture.records().dropLast())))
        let mixed = Array(left.prefix(2) + right.dropFirst(2))
        #expect(throws: SnapshotError.recordsMismatch) { try Fixture.open(joined(mixed)) }
        let swapped = Array(left.prefix(3) + [left[4], left[3]] + left.dropFirst(5))
        #expect(throws: SnapshotError.recordsMismatch) { try Fixture.open(joined(swapped)) }
        let salted = left.map { $0.replacing("0303", with: "0304") }
        #expect(salted[0] == left[0] && salted[2] != left[2])
        #expect(throws: SnapshotError.recordsMismatch) { try Fixture.open(joined(salted)) }
        for lines in [mixed, swapped, salted, Array(left.dropLast()), left + [#"{"z":1}"#]] {
            #expect(try Fixture.secondReader(joined(lines)) == "mixed")
        }
    }

    @Test func signaturesOfAnotherSnapshotDoNotCount() throws {
        let left = lines(try Fixture.file())
        let right = lines(try Fixture.file(version: 6))
        let mixed = [right[0], left[1]] + right.dropFirst(2)
        #expect(throws: SnapshotError.tooFewSignatures(valid: 0, needed: 2)) {
            try Fixture.open(joined(mixed))
        }
    }

    @Test func oneKeyLessThanTheThresholdFails() throws {
        #expect(throws: SnapshotError.tooFewSignatures(valid: 1, needed: 2)) {
            try Fixture.open(Fixture.file(signers: [1]).bytes)
        }
        #expect(throws: SnapshotError.tooFewSignatures(valid: 1, needed: 2)) {
            try Fixture.open(Fixture.file(signers: [2, 2, 9]).bytes)
        }
        #expect(throws: SnapshotError.tooFewSignatures(valid: 0, needed: 2)) {
            try Fixture.open(Fixture.file(signers: []).bytes)
        }
    }

    @Test func rollbackIsRefusedAndTheSameVersionMustBeTheSameSnapshot() throws {
        let newer = try Fixture.open(Fixture.file(version: 6).bytes).seen
        #expect(throws: SnapshotError.rolledBack(version: 5, lastSeen: 6)) {
            try Fixture.open(Fixture.file(version: 5).bytes, lastSeen: newer)
        }
        _ = try Fixture.open(Fixture.file(version: 6).bytes, lastSeen: newer)
        _ = try Fixture.open(Fixture.file(version: 7).bytes, lastSeen: newer)
        #expect(throws: SnapshotError.equivocates(version: 6)) {
            try Fixture.open(Fixture.file(version: 6, records: []).bytes, lastSeen: newer)
        }
    }

    @Test func aFrozenOrFutureSnapshotIsRefused() throws {
        let bytes = try Fixture.file().bytes
        let expires = Fixture.made + 7 * Fixture.day
        _ = try Fixture.open(bytes, now: expires - 1)
        #expect(throws: SnapshotError.expired(at: expires)) {
            try Fixture.open(bytes, now: expires)
        }
        #expect(throws: SnapshotError.notYetValid(from: Fixture.made)) {
            try Fixture.open(bytes, now: Fixture.made - 1)
        }
    }

    @Test func anotherAudienceOrLogIsRefused() throws {
        let bytes = try Fixture.file().bytes
        #expect(throws: SnapshotError.wrongAudience) {
            try Fixture.open(bytes, audience: .everyone)
        }
        let keys = try [Fixture.key(1).publicKey]
        let log = NoteSigner(name: try KeyName("other"), key: try Fixture.key(8))
        let policy = LogPolicy(log: log.verifier)
        let other = try #require(
            SnapshotTrust(origin: "other", policy: policy, keys: keys, threshold: 1)
        )
        #expect(throws: SnapshotError.wrongOrigin) {
            try SnapshotFile(parsing: bytes).verified(
                by: other,
                audience: .platform("example"),
                now: Fixture.made,
                lastSeen: nil
            )
        }
    }

    @Test func aCheckpointThatItsWitnessesDidNotSignIsRefused() throws {
        let note = try Fixture.note()
        let stranger = NoteSigner(name: try KeyName(Fixture.origin), key: try Fixture.key(5))
        let cosignature = try Fixture.witness().cosign(note.text, time: Fixture.made)
        let earlier = Array(
            String(decoding: note.text, as: UTF8.self).replacing("\n12\n", with: "\n11\n").utf8
        )
        let bad = [
            try Fixture.log().note(note.text),
            SignedNote(text: note.text, signatures: [cosignature]),
            SignedNote(text: note.text, signatures: [stranger.sign(note.text), cosignature]),
            SignedNote(text: earlier, signatures: note.signatures),
        ]
        for note in bad {
            let bytes = try Fixture.file(note: note).bytes
            #expect(throws: SnapshotError.unwitnessed) { try Fixture.open(bytes) }
        }
        _ = try Fixture.open(Fixture.file(note: note).bytes)
        let text = Array("registry.example/log\nmany\n\n".utf8)
        #expect(throws: SnapshotError.malformed(line: 1)) {
            try Fixture.file(note: SignedNote(text: text, signatures: note.signatures))
        }
    }

    @Test func anOldCheckpointDoesNotGetYoungerByANewDate() throws {
        let text = try Fixture.note().text
        let log = try Fixture.log().note(text)
        func note(_ times: Int64...) throws -> SignedNote {
            var note = log
            for (index, time) in times.enumerated() {
                note.add(try Fixture.witness(index).cosign(text, time: Fixture.made + time))
            }
            return note
        }
        let (week, day) = (7 * Fixture.day, Fixture.day)
        for time in [-week, -1, 0, day] {
            let bytes = try Fixture.file(note: note(time)).bytes
            _ = try Fixture.open(bytes)
            #expect(try Fixture.secondReader(bytes) == "right", "\(time)")
        }
        for time in [-week - 1, day + 1, -60 * day] {
            let bytes = try Fixture.file(note: note(time)).bytes
            #expect(throws: SnapshotError.notWitnessedThen, "\(time)") { try Fixture.open(bytes) }
            #expect(try Fixture.secondReader(bytes) == "witnesses", "\(time)")
        }
        // One of two that signs again does not speak for the other one.
        let both = try Fixture.trust(threshold: 2, witnesses: 2)
        let bytes = try Fixture.file(note: note(-60 * day, 0)).bytes
        #expect(throws: SnapshotError.notWitnessedThen) { try Fixture.open(bytes, trust: both) }
        #expect(try Fixture.secondReader(bytes, trust: both) == "witnesses")
        let again = try Fixture.file(note: note(-day, 0)).bytes
        _ = try Fixture.open(again, trust: both)
        #expect(try Fixture.secondReader(again, trust: both) == "right")
    }

    @Test func aLaterVersionOfASmallerLogIsRefused() throws {
        let text = String(decoding: try Fixture.note().text, as: UTF8.self)
        func file(_ version: Int64, entries: Int) throws -> [UInt8] {
            let text = Array(text.replacing("\n12\n", with: "\n\(entries)\n").utf8)
            var note = try Fixture.log().note(text)
            note.add(try Fixture.witness().cosign(text, time: Fixture.made))
            return try Fixture.file(version: version, note: note).bytes
        }
        let seen = try Fixture.open(file(5, entries: 12)).seen
        #expect(seen.size == 12)
        #expect(throws: SnapshotError.olderLog(size: 11, lastSeen: 12)) {
            try Fixture.open(file(6, entries: 11), lastSeen: seen)
        }
        #expect(try Fixture.secondReader(file(6, entries: 11), lastSeen: seen) == "rollback")
        for entries in [12, 13] {
            let bytes = try file(6, entries: entries)
            _ = try Fixture.open(bytes, lastSeen: seen)
            #expect(try Fixture.secondReader(bytes, lastSeen: seen) == "right")
        }
        // Who remembers a version from before sizes were remembered goes on.
        let old = SnapshotSeen(version: 5, digest: seen.digest)
        _ = try Fixture.open(file(6, entries: 11), lastSeen: old)
    }

    @Test func twoRecordsOfOneAccountAreRefused() throws {
        let account = try Fixture.account("twice")
        let records = (1...2).map { byte in
            SnapshotRecord.source(
                SourceRecord(
                    account: account,
                    subject: Fixture.digest(UInt8(byte)),
                    visibility: .everyone,
                    history: [.init(state: .attested, tier: .strong, since: 0, until: nil)]
                )
            )
        }
        #expect(throws: SnapshotError.duplicateAccount(line: 5)) {
            try Fixture.open(Fixture.file(records: records).bytes)
        }
    }

    @Test func unknownFieldsKindsAndVersionsAreRefused() throws {
        let record = #"{"account":{"id":"u","platform":"x"},"kind":"source","name":"Ana"}"#
        #expect(throws: SnapshotError.malformed(line: 3)) {
            try SnapshotRecord(parsing: Array(record.utf8), line: 3)
        }
        #expect(throws: SnapshotError.unknownField(line: 3)) {
            try SnapshotRecord(parsing: Array(#"{"kind":"gossip"}"#.utf8), line: 3)
        }
        for record in try Fixture.records() {
            var members = try #require(record.json.object)
            members["zz"] = "extra"
            let bytes = JSONValue.object(members).canonicalBytes
            #expect(throws: SnapshotError.unknownField(line: 9)) {
                try SnapshotRecord(parsing: bytes, line: 9)
            }
        }
        var header = lines(try Fixture.file())
        header[0] = header[0].replacing(#""v":2"#, with: #""v":1"#)
        #expect(throws: SnapshotError.unsupportedVersion) {
            try SnapshotFile(parsing: joined(header))
        }
    }

    @Test func textThatIsNotCanonicalIsRefused() throws {
        var spaced = lines(try Fixture.file())
        spaced[0] = spaced[0].replacing(#""v":2"#, with: #""v": 2"#)
        #expect(throws: SnapshotError.notCanonical(line: 1)) {
            try SnapshotFile(parsing: joined(spaced))
        }
        let record = try Fixture.records()[0].json.canonicalText
        #expect(throws: SnapshotError.notCanonical(line: 3)) {
            try SnapshotRecord(parsing: Array((record + " ").utf8), line: 3)
        }
    }

    @Test func aLifeOfMoreThanAWeekIsRefused() throws {
        var long = lines(try Fixture.file())
        let expires = Fixture.made + 7 * Fixture.day
        long[0] = long[0].replacing("\(expires)", with: "\(expires + 1)")
        #expect(throws: SnapshotError.invalidLife) { try SnapshotFile(parsing: joined(long)) }
    }

    @Test func aTrustFileSurvivesTheWayThroughBytes() throws {
        let trust = try Fixture.trust()
        let bytes = trust.json.canonicalBytes
        #expect(try SnapshotTrust(parsing: bytes + [0x0a]) == trust)
        #expect(throws: SnapshotError.notCanonical(line: 1)) {
            let text = trust.json.canonicalText.replacing("quorum quorum", with: "quorum  quorum")
            return try SnapshotTrust(parsing: Array(text.utf8))
        }
        #expect(throws: SnapshotError.malformed(line: 1)) {
            let text = trust.json.canonicalText.replacing(
                #""threshold":2"#,
                with: #""threshold":4"#
            )
            return try SnapshotTrust(parsing: Array(text.utf8))
        }
    }

    private func lines(_ file: SnapshotFile) -> [String] {
        String(decoding: file.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func joined(_ lines: some Sequence<String>) -> [UInt8] {
        Array(lines.map { $0 + "\n" }.joined().utf8)
    }
}
