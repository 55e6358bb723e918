// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Registry
import Sodium
import Testing

@Suite struct HeartbeatTests {
    private static let day: Int64 = 86_400
    private let subject = RegistryID([UInt8](repeating: 7, count: 32))
    private let post = RegistryID([UInt8](repeating: 8, count: 32))

    private func pledge(_ signer: String = "ana", delay: UInt64 = 24) throws -> HeartbeatPledge {
        HeartbeatPledge(
            subject: subject,
            device: RegistryID(try World.publicKey("device")),
            duress: RegistryID(try World.publicKey("duress")),
            delayHours: delay,
            key: try World.key(signer)
        )
    }

    private func newRecord(delay: UInt64 = 24) throws -> HeartbeatRecord {
        let key = RegistryKey(bytes: try World.publicKey("ana"))
        return try HeartbeatRecord(pledge(delay: delay), signedBy: key, at: World.start)
    }

    private func heartbeat(
        _ signer: String,
        _ number: UInt64,
        date: Int64 = World.start
    ) throws -> Heartbeat {
        Heartbeat(
            subject: subject,
            number: number,
            date: date,
            newestPost: post,
            key: try World.key(signer)
        )
    }

    @Test func allMessagesHaveOneSizeAndReadBack() throws {
        let messages: [HeartbeatMessage] = [
            .pledge(try pledge()), .heartbeat(try heartbeat("device", 1)),
            .heartbeat(try heartbeat("duress", .max, date: World.start + Self.day)),
        ]
        for message in messages {
            #expect(message.bytes.count == HeartbeatMessage.byteCount)
            #expect(HeartbeatMessage(message.bytes) == message)
            for place in [0, HeartbeatMessage.byteCount - 1] {
                var damaged = message.bytes
                damaged[place] ^= 0x80
                #expect(HeartbeatMessage(damaged) == nil)
            }
            #expect(HeartbeatMessage(Array(message.bytes.dropLast())) == nil)
            #expect(HeartbeatMessage(message.bytes + [0]) == nil)
        }
    }

    @Test func everyDamagedBitOfAHeartbeatIsNoticed() throws {
        let bytes = HeartbeatMessage.heartbeat(try heartbeat("device", 5)).bytes
        for bit in 8..<(8 * 145) {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            guard case .heartbeat(let read)? = HeartbeatMessage(damaged) else { continue }
            var record = try newRecord()
            // Whose heartbeat it is, the record's owner looks up: other subjects have other keys.
            guard read.subject == subject else { continue }
            #expect(
                refusal { () throws(HeartbeatRecord.Refusal) in
                    try record.take(read, at: World.start + Self.day)
                } == .notSigned
            )
        }
    }

    @Test func whoIsHeardFromIsAlive() throws {
        var record = try newRecord()
        for (day, expected) in [
            (20, Liveness.alive), (21, .stale), (27, .stale), (28, .silent), (59, .silent),
            (60, .lapsed), (400, .lapsed),
        ] {
            #expect(record.liveness(at: World.start + Int64(day) * Self.day) == expected)
        }
        let later = World.start + 25 * Self.day
        try record.take(heartbeat("device", 1, date: later), at: later)
        #expect(record.liveness(at: later + 20 * Self.day) == .alive)
    }

    @Test func aForcedHeartbeatLooksLikeAnyOtherUntilTheDelayIsOver() throws {
        var free = try newRecord(delay: 24)
        var forced = free
        try free.take(heartbeat("device", 1), at: World.start)
        try forced.take(heartbeat("duress", 1), at: World.start)
        let hour: Int64 = 3600
        #expect(forced.liveness(at: World.start + 24 * hour - 1) == .alive)
        #expect(forced.liveness(at: World.start + 24 * hour) == .forced)
        #expect(free.liveness(at: World.start + 24 * hour) == .alive)
        // A later free one takes nothing back: it may be forced too.
        try forced.take(heartbeat("device", 2), at: World.start)
        #expect(forced.liveness(at: World.start + 24 * hour) == .forced)
        #expect(free.json.canonicalBytes.count == forced.json.canonicalBytes.count)
        for record in [free, forced] { #expect(HeartbeatRecord(record.json) == record) }
        var atOnce = try newRecord(delay: 0)
        try atOnce.take(heartbeat("duress", 1), at: World.start)
        #expect(atOnce.liveness(at: World.start) == .forced)
    }

    @Test func strangersRepetitionsAndWrongDatesAreRefused() throws {
        let stranger = RegistryKey(bytes: try World.publicKey("eva"))
        let own = try pledge()
        #expect(throws: HeartbeatRecord.Refusal.notSigned) {
            try HeartbeatRecord(own, signedBy: stranger, at: World.start)
        }
        var record = try newRecord()
        let cases: [(Heartbeat, HeartbeatRecord.Refusal?)] = [
            (try heartbeat("eva", 1), .notSigned), (try heartbeat("device", 3), nil),
            (try heartbeat("device", 3), .repeated), (try heartbeat("duress", 2), .repeated),
            (try heartbeat("device", 4, date: World.start + Self.day), .wrongDate),
            (try heartbeat("device", 4, date: World.start - 30 * Self.day), .wrongDate),
            (try heartbeat("device", 4), nil),
        ]
        for (heartbeat, expected) in cases {
            let found = refusal { () throws(HeartbeatRecord.Refusal) in
                try record.take(heartbeat, at: World.start)
            }
            #expect(found == expected)
        }
    }

    private func refusal(
        _ body: () throws(HeartbeatRecord.Refusal) -> Void
    ) -> HeartbeatRecord.Refusal? {
        do throws(HeartbeatRecord.Refusal) {
            try body()
            return nil
        } catch {
            return error
        }
    }
}
