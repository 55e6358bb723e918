// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Registry
import Statements
import Testing

/// What the fold reads from bytes without asking for reasons is what the slower readers read.
@Suite struct ReadingTests {
    /// The statement in an entry by way of documents, each written again; nil where it is none.
    private static func slowly(_ bytes: [UInt8]) -> (any RegistryStatement)? {
        guard let envelope = try? Envelope(parsing: bytes), envelope.bytes == bytes,
            let payload = try? JSONValue(parsing: envelope.payload),
            payload.canonicalBytes == envelope.payload
        else { return nil }
        return try? envelope.registryStatement()
    }

    private static func check(_ bytes: [UInt8], _ comment: Comment) -> Bool {
        let entry = RegistryEntry(index: 0, bytes: bytes)
        let slow = slowly(bytes)
        #expect((entry.statement == nil) == (slow == nil), comment)
        if let statement = entry.statement, let slow {
            #expect(type(of: statement) == type(of: slow), comment)
            #expect(statement.payload == slow.payload, comment)
            let payload = try? Envelope(canonical: bytes).payload
            #expect(statement.payload == payload, comment)
        }
        return entry.statement != nil
    }

    /// Damage to an envelope, and to what is signed in it.
    private static func damaged(
        _ bytes: [UInt8],
        _ generator: inout SplitMix
    ) -> [UInt8] {
        func damage(_ bytes: [UInt8]) -> [UInt8] {
            var bytes = bytes
            let pieces = [
                " ", ",", "\"", "\\", "\\n", "A", "-", "0", "é", "{}", "\"a\":1,", "=", "null",
                "1.0",
            ]
            for _ in 0..<Int.random(in: 1...2, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                let end = min(bytes.count, place + Int.random(in: 0...2, using: &generator))
                let piece = pieces.randomElement(using: &generator) ?? ""
                bytes.replaceSubrange(place..<end, with: Array(piece.utf8))
            }
            return bytes
        }
        guard Bool.random(using: &generator), let envelope = try? Envelope(canonical: bytes),
            case .object(var members) = envelope.json
        else { return damage(bytes) }
        members["payload"] = .string(Base64.encode(damage(envelope.payload)))
        return JSONValue.object(members).canonicalBytes
    }

    @Test(arguments: [UInt64(21), 22]) func readsWhatTheSlowerReadersRead(seed: UInt64) throws {
        var registry = try RandomRegistry(seed: seed)
        try registry.live(steps: 200)
        var generator = SplitMix(state: seed)
        var readCount = 0
        var counts = [0, 0]
        for bytes in registry.world.log {
            // Some of them are none: whoever makes the log makes mistakes too.
            readCount += Self.check(bytes, "seed \(seed)") ? 1 : 0
            for _ in 0..<20 {
                let copy = Self.damaged(bytes, &generator)
                let text = String(decoding: copy, as: UTF8.self)
                counts[Self.check(copy, "seed \(seed): \(text)") ? 1 : 0] += 1
            }
        }
        #expect(2 * readCount > registry.world.log.count)
        #expect(counts[0] > 1000 && counts[1] > 10, "\(counts)")
    }

    @Test func refusesEachKindOfJunkForItsReason() throws {
        let junk = try JunkVouches(count: 100)
        var state = junk.state
        for (number, bytes) in junk.letters.enumerated() {
            let entry = RegistryEntry(index: 0, bytes: bytes) { junk.seals[$0] }
            #expect(state.take(entry) == JunkVouches.kind(number).refusal)
            _ = Self.check(bytes, "\(JunkVouches.kind(number))")
        }
        #expect(Set(junk.letters).count == 100)
    }
}
