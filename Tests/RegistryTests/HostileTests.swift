// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Registry
import Statements
import Testing

/// Each kind of statement as somebody hands it in who means no good.
@Suite struct HostileTests {
    private typealias Histories = [String: [StandingPeriod]]

    @Test(arguments: [UInt64(7), 11]) func nothingForgedStrayedOrReplayedChangesAnything(
        seed: UInt64
    ) throws {
        var registry = try RandomRegistry(seed: seed)
        try registry.live(steps: 300)
        let seals = registry.world.seals
        func entry(_ index: Int, _ bytes: [UInt8]) -> RegistryEntry {
            RegistryEntry(index: Int64(index), bytes: bytes, seals: { seals[$0] })
        }
        var state = RegistryState(origin: World.origin)
        var seen: Set<String> = []
        for (index, bytes) in registry.world.log.enumerated() {
            let before = state
            let isTaken = state.apply(entry(index, bytes)) == nil
            guard isTaken, let envelope = try? Envelope(canonical: bytes),
                seen.insert(envelope.payloadType).inserted
            else { continue }
            for (name, copy) in Self.hostile(envelope) {
                var other = before
                let comment: Comment = "\(envelope.payloadType), \(name), seed \(seed)"
                #expect(other.take(entry(index, copy)) != nil, comment)
                #expect(Self.histories(other) == Self.histories(before), comment)
            }
            var again = state
            _ = again.take(entry(index + 1, bytes))
            #expect(Self.histories(again) == Self.histories(state), "\(envelope.payloadType)")
        }
        #expect(seen.count >= 18, "\(seen.sorted())")
    }

    private static func histories(_ state: RegistryState) -> Histories {
        var histories: Histories = [:]
        for subject in state.subjects.values {
            for account in subject.accounts {
                histories["\(subject.id.hex) \(account.hex)"] = state.history(
                    of: subject.id,
                    account: account
                )
            }
        }
        return histories
    }

    /// Copies that have to be refused, by what is wrong with them.
    private static func hostile(_ envelope: Envelope) -> [(String, [UInt8])] {
        let text = String(decoding: envelope.payload, as: UTF8.self)
        let context = Hex.encode(RegistryState.context(of: World.origin))
        let stranger = Hex.encode(SHA256.hash([1]))
        func made(_ payload: String, _ signature: [UInt8]? = nil) -> [UInt8] {
            bytes(Array(payload.utf8), envelope, signature)
        }
        let members = text.dropFirst().dropLast()
        let long = String(repeating: "a", count: 60_000)
        return [
            ("forged", made(text, [UInt8](repeating: 0, count: 64))),
            ("of another registry", made(text.replacing(context, with: stranger))),
            ("of another epoch", made(text.replacing("2026Q4", with: "2027Q3") + " ")),
            ("of another version", made(text.replacing(#""v":1"#, with: #""v":2"#))),
            ("reordered", made(#"{"zz":1,\#(members)}"#)),
            ("oversized", made(#"{"a":"\#(long)",\#(members)}"#)),
            ("given twice", made("{\(members),\(members)}")),
            ("not canonical", envelope.bytes + [0x20]),
            ("cut", Array(envelope.bytes.dropLast(3))),
        ]
    }

    private static func bytes(
        _ payload: [UInt8],
        _ envelope: Envelope,
        _ signature: [UInt8]?
    ) -> [UInt8] {
        let value: JSONValue = [
            "payload": .string(Base64.encode(payload)),
            "payloadType": .string(envelope.payloadType),
            "signatures": .array(
                envelope.signatures.map {
                    [
                        "keyid": .string($0.keyID),
                        "sig": .string(Base64.encode(signature ?? $0.bytes)),
                    ]
                }
            ),
        ]
        return value.canonicalBytes
    }
}
