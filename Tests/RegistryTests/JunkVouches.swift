// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Registry
import Statements
import Testing

/// What somebody can send who has read the log and means no good: copies of a sealed vouch in each
/// of which something is wrong, no two of them alike, and none worth a curve operation.
struct JunkVouches {
    /// What is wrong.
    enum Kind: CaseIterable {
        case registry, date, subject, epoch, account, verifier, constituency, ring, slot
        case noSeal, seenTag, badScalar, otherSigner
        case spaced, upperCase, unknownMember, escapedMember, badBase64, badText, cut

        /// How the fold refuses it.
        var refusal: Refusal {
            switch self {
            case .registry: .otherRegistry
            case .date: .wrongDate
            case .subject: .unknownSubject
            case .epoch: .wrongEpoch
            case .account: .uncontrolledAccount
            case .verifier: .unknownVerifier
            case .constituency: .unknownRing
            case .ring: .otherRing
            case .slot: .wrongSlot
            case .noSeal: .sealMissing
            case .seenTag: .alreadyVouched
            case .badScalar, .otherSigner: .wrongSeal
            default: .unreadable
            }
        }
    }

    /// Before the junk.
    let state: RegistryState
    private(set) var letters: [[UInt8]] = []
    private(set) var seals: [RegistryID: [UInt8]] = [:]

    private static let memberCount = 12
    private let good: VouchStatement
    private let goodSeal: [UInt8]

    /// Makes so many of them, each kind in its turn.
    init(count: Int) throws {
        var world = try World()
        try world.accreditAll()
        try world.foundRings(count: Self.memberCount, ["press"])
        let (subject, account) = try world.controlled()
        let vouch = world.sealableVouch(subject, account, "press")
        #expect(try world.submitSealed(vouch, "press-3", slot: 0) == nil)
        good = try Envelope(canonical: #require(world.log.last)).read()
        goodSeal = try #require(world.seals.values.first)
        state = world.state
        letters.reserveCapacity(count)
        for number in 0..<count { letters.append(letter(number)) }
    }

    static func kind(_ number: Int) -> Kind { Kind.allCases[number % Kind.allCases.count] }

    /// One of them, as it is sent.
    private mutating func letter(_ number: Int) -> [UInt8] {
        let kind = Self.kind(number)
        let random = SHA256.hash(Array("junk \(number)".utf8))
        let statement = statement(kind, number, random)
        var payload = String(decoding: statement.payload, as: UTF8.self)
        switch kind {
        case .spaced: payload = payload.replacing(",", with: ", ", maxReplacements: 1)
        case .upperCase: payload = payload.replacing("a", with: "A")
        case .unknownMember: payload = payload.replacing(#"{"acc"#, with: #"{"a":1,"acc"#)
        case .escapedMember: payload = payload.replacing(#"{"acc"#, with: #"{"\n":1,"acc"#)
        default: break
        }
        var bytes = Array(payload.utf8)
        if kind == .badText { bytes[bytes.count - 5] = 0xff }
        let key = statement.seal?.key ?? statement.verifier ?? random
        return Self.envelope(bytes, by: kind == .otherSigner ? random : key, random, kind)
    }

    private mutating func statement(
        _ kind: Kind,
        _ number: Int,
        _ random: [UInt8]
    ) -> VouchStatement {
        let head = RegistryHead(
            context: kind == .registry ? random : good.head.context,
            dayOf: good.head.date + (kind == .date ? 30 * World.day : 0)
        )
        var digest = good.seal?.signature ?? random
        switch kind {
        case .noSeal: digest = random
        case .seenTag: digest = keep(seal(random, bad: false, seen: true))
        case .badScalar: digest = keep(seal(random, bad: true, seen: false))
        case .otherSigner: digest = keep(seal(random, bad: false, seen: false))
        default: break
        }
        let seal = RingSeal(
            constituency: kind == .constituency ? "nobody-\(number)" : "press",
            ring: kind == .ring ? random : good.seal?.ring ?? random,
            slot: kind == .slot ? 200 : 0,
            key: random,
            signature: digest
        )
        return VouchStatement(
            head: head,
            subject: kind == .subject ? random : good.subject,
            accounts: kind == .account ? [random] : good.accounts,
            epoch: kind == .epoch ? good.epoch.next.next : good.epoch,
            verifier: kind == .verifier ? random : nil,
            seal: kind == .verifier ? nil : seal
        )
    }

    /// A ring signature that is none.
    private func seal(_ random: [UInt8], bad: Bool, seen: Bool) -> [UInt8] {
        var seal = goodSeal
        seal.replaceSubrange(0..<31, with: random.prefix(31))
        let tagStart = 32 * (Self.memberCount + 1)
        if bad { seal[tagStart - 1] = 0xff }
        if !seen { seal.replaceSubrange(tagStart..<(tagStart + 64), with: random + random) }
        return seal
    }

    private mutating func keep(_ seal: [UInt8]) -> [UInt8] {
        let digest = SHA256.hash(seal)
        seals[RegistryID(digest)] = seal
        return digest
    }

    private static func envelope(
        _ payload: [UInt8],
        by key: [UInt8],
        _ random: [UInt8],
        _ kind: Kind
    ) -> [UInt8] {
        var text = Base64.encode(payload)
        if kind == .badBase64 { text.replaceSubrange(text.startIndex...text.startIndex, with: "*") }
        let value: JSONValue = [
            "payload": .string(text),
            "payloadType": .string(VouchStatement.payloadType),
            "signatures": [
                [
                    "keyid": .string(Hex.encode(SHA256.hash(key))),
                    "sig": .string(Base64.encode(random + random)),
                ]
            ],
        ]
        let bytes = value.canonicalBytes
        return kind == .cut ? Array(bytes.dropLast(2)) : bytes
    }
}
