// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Registry
import Statements
import Testing

/// Each kind of statement as somebody hands it in who means no good.
///
/// Copies that can be signed anew are: each is refused for the one thing that is wrong with it, and
/// not because it cannot be read.
@Suite struct HostileTests {
    /// A copy, and which refusals are right for it.
    private struct Hostile {
        let name: String
        let bytes: [UInt8]
        let isRight: (Refusal) -> Bool
    }

    /// A statement that was taken, the state before it, and who signed it.
    private struct Taken {
        let index: Int
        let bytes: [UInt8]
        let envelope: Envelope
        let statement: any RegistryStatement
        let before: RegistryState
        let hands: [RegistryID: World.Hand]

        var kind: any RegistryStatement.Type { type(of: statement) }
        /// The operator's word and a charter are not of a day that has to be here already.
        var isTimely: Bool {
            !(statement is BatchStatement) && !(statement is CharterStatement)
        }

        /// The statement with other fields, signed by those who signed it or by a stranger alone.
        func signed(
            _ changes: [String: JSONValue] = [:],
            byStranger: Bool = false
        ) throws -> [UInt8] {
            var members = try #require(JSONValue(canonical: envelope.payload).object)
            // Ends are so and so many days after the date, or the text cannot be read.
            if let date = changes["date"]?.integer, let until = members["until"]?.integer {
                members["until"] = .integer(until + date - statement.head.date)
            }
            for (name, value) in changes { members[name] = value }
            var copy = try Envelope(
                unsigned: JSONValue.object(members).canonicalBytes,
                payloadType: envelope.payloadType
            )
            if byStranger {
                try copy.sign(with: World.key("stranger"))
                return copy.bytes
            }
            for signature in envelope.signatures {
                // Some were signed by keys that nobody here has, for show.
                try hands[RegistryID(signature.keyDigest)]?(&copy)
            }
            return copy.bytes
        }
    }

    /// Types that neither a random registry takes in these steps nor ``scripted()``: PanelTests and
    /// GuardianTests say what is refused.
    private static let elsewhere: Set<String> = ["registry-cancel-memorial", "registry-concur"]

    /// Logs with statements that a random registry seldom takes.
    private static func scripted() throws -> [World] {
        var stage = try ComplaintStage.start()
        let id = try stage.file(try stage.complaint())
        try stage.world.submit(stage.review(id, .upheld), stage.members(id))
        try stage.world.submit(stage.contest(id), ["ana"])
        var world = try World()
        try world.accreditAll()
        let incident = IncidentStatement(
            head: world.head,
            sealed: SHA256.hash([1]),
            audience: SHA256.hash([2]),
            key: try World.publicKey("once"),
            until: world.head.date + 90 * World.day
        )
        try world.submit(incident, ["once"])
        let voice = NominateStatement(
            head: world.head,
            key: try World.publicKey("new"),
            constituency: "press",
            voice: .for
        )
        try world.submit(voice, ["press-1"])
        return [stage.world, world]
    }

    @Test func eachTypeIsRefusedForWhatIsWrongWithIt() throws {
        var seen: Set<String> = []
        let typeCount = RegistryStatementTypes.all.count - Self.elsewhere.count
        var worlds = try Self.scripted()
        for seed: UInt64 in 5...18 where seen.count < typeCount {
            if worlds.isEmpty {
                var registry = try RandomRegistry(seed: seed)
                try registry.live(steps: 300)
                worlds = [registry.world]
            }
            try Self.eachTaken(in: worlds.removeFirst()) { taken, after, entry in
                let type = taken.kind.type
                guard seen.insert(type).inserted else { return }
                for hostile in try Self.hostile(taken) {
                    let comment: Comment = "\(type), \(hostile.name), seed \(seed)"
                    var other = taken.before
                    let refusal = other.take(entry(taken.index, hostile.bytes))
                    #expect(refusal.map(hostile.isRight) == true, "\(comment): \(refusal)")
                    #expect(other.saysTheSame(as: taken.before), comment)
                }
                try Self.checkExpiry(taken, entry)
                var again = after
                let refusal = again.take(entry(taken.index + 1, taken.bytes))
                if taken.kind.countsOnce { #expect(refusal == .repeated, "\(type)") }
                if refusal != nil { #expect(again.saysTheSame(as: after), "\(type)") }
            }
        }
        let all = Set(RegistryStatementTypes.all.map { $0.type })
        #expect(seen.union(Self.elsewhere) == all, "\(all.subtracting(seen).sorted())")
        #expect(seen.isDisjoint(with: Self.elsewhere))
    }

    /// Every statement that changes a registry.
    private static func eachTaken(
        in world: World,
        _ body: (Taken, RegistryState, (Int, [UInt8]) -> RegistryEntry) throws -> Void
    ) throws {
        let (seals, hands) = (world.seals, world.hands)
        func entry(_ index: Int, _ bytes: [UInt8]) -> RegistryEntry {
            RegistryEntry(index: Int64(index), bytes: bytes, seals: { seals[$0] })
        }
        var state = RegistryState(origin: World.origin)
        for (index, bytes) in world.log.enumerated() {
            let before = state
            guard state.apply(entry(index, bytes)) == nil else { continue }
            let envelope = try Envelope(canonical: bytes)
            let taken = Taken(
                index: index,
                bytes: bytes,
                envelope: envelope,
                statement: try envelope.registryStatement(),
                before: before,
                hands: hands
            )
            try body(taken, state, entry)
        }
    }

    /// Under a charter that is over only what takes trust away is heard.
    private static func checkExpiry(
        _ taken: Taken,
        _ entry: (Int, [UInt8]) -> RegistryEntry
    ) throws {
        guard taken.isTimely, let charter = taken.before.charter else { return }
        let late = taken.before.reaching(charter.until)
        var other = late
        let copy = try taken.signed(["date": .integer(late.clock)])
        let refusal = other.take(entry(taken.index, copy))
        let comment: Comment = "\(taken.kind.type): \(refusal)"
        #expect((refusal == .expiredCharter) == !taken.kind.outlivesCharter, comment)
        if refusal != nil { #expect(other.saysTheSame(as: late), comment) }
    }

    /// Copies that have to be refused.
    private static func hostile(_ taken: Taken) throws -> [Hostile] {
        var all = try unreadable(taken).map { name, bytes in
            Hostile(name: name, bytes: bytes) { $0 == .unreadable }
        }
        func add(_ name: String, _ bytes: [UInt8], _ isRight: @escaping (Refusal) -> Bool) {
            all.append(Hostile(name: name, bytes: bytes, isRight: isRight))
        }
        var unsigned: Set<Refusal> = [.notSigned, .noQuorum, .wrongSeal, .wrongProof]
        // Whose voice it is, is told by the signature alone.
        if taken.statement is NominateStatement { unsigned.insert(.unknownVerifier) }
        let text = String(decoding: taken.envelope.payload, as: UTF8.self)
        add("forged", bytes(text, taken.envelope, [UInt8](repeating: 0, count: 64))) {
            unsigned.contains($0)
        }
        add("by a stranger", try taken.signed(byStranger: true)) { unsigned.contains($0) }
        let stranger = JSONValue.string(Hex.encode(SHA256.hash([1])))
        add("of another registry", try taken.signed(["context": stranger])) {
            $0 == .otherRegistry
        }
        if taken.isTimely {
            let clock = taken.before.clock
            for days: Int64 in [-31, 1] {
                let date = JSONValue.integer(clock + days * World.day)
                add("\(days) days off", try taken.signed(["date": date])) { $0 == .wrongDate }
            }
        }
        // What the council decides of a quarter without a statement is of no consequence.
        let isOfQuarter = try JSONValue(canonical: taken.envelope.payload)["epoch"] != nil
        if isOfQuarter, !(taken.statement is DecideSealsStatement) {
            for name in ["2024Q1", "2036Q4"] {
                add("of \(name)", try taken.signed(["epoch": .string(name)])) {
                    $0 == .wrongEpoch
                }
            }
        }
        return all
    }

    /// Texts that are no statement.
    private static func unreadable(_ taken: Taken) throws -> [(String, [UInt8])] {
        let text = String(decoding: taken.envelope.payload, as: UTF8.self)
        let members = text.dropFirst().dropLast()
        let long = String(repeating: "a", count: 60_000)
        func made(_ payload: String) -> [UInt8] { bytes(payload, taken.envelope) }
        return [
            ("of another version", try taken.signed(["v": 2])),
            ("with a member more", try taken.signed(["zz": 1])),
            ("reordered", made(#"{"zz":1,\#(members)}"#)),
            ("oversized", made(#"{"a":"\#(long)",\#(members)}"#)),
            ("with all members twice", made("{\(members),\(members)}")),
            ("not canonical", taken.bytes + [0x20]),
            ("cut", Array(taken.bytes.dropLast(3))),
        ]
    }

    /// The envelope with another text, and with other signatures.
    private static func bytes(
        _ payload: String,
        _ envelope: Envelope,
        _ signature: [UInt8]? = nil
    ) -> [UInt8] {
        let value: JSONValue = [
            "payload": .string(Base64.encode(Array(payload.utf8))),
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
