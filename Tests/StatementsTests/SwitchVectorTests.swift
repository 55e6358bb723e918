// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Sodium
import Statements
import Testing

/// Vectors that `scripts/verify/switch_vectors.py` wrote from the specification alone.
@Suite struct SwitchVectorTests {
    private static let file = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/spec/vectors/switch-statements.json")

    private let vectors: JSONValue

    init() throws {
        vectors = try JSONValue(parsing: Array(Data(contentsOf: Self.file)))
    }

    private func secret(_ name: String) throws -> SecretBytes {
        let text = try #require(vectors[name]?.string)
        return SecretBytes(copying: try Hex.decode(text))
    }

    private func payloads(of type: String) throws -> [[UInt8]] {
        let all = try #require(vectors["payloads"]?.array).map { Array(($0.string ?? "").utf8) }
        return try all.filter { try JSONValue(canonical: $0)["type"]?.string == type }
    }

    private func readBack<S: Statement>(_ type: S.Type) throws -> S {
        let payload = try #require(try payloads(of: S.type).first)
        let statement = try S(payload: payload)
        #expect(statement.payload == payload)
        return statement
    }

    private func check<S: OwnerStatement>(_ type: S.Type) throws {
        let isClean = try readBack(type).isMade(with: secret("token"))
        #expect(isClean)
    }

    @Test func everyMessageIsReadAndWrittenAlike() throws {
        try check(SwitchArming.self)
        try check(CheckIn.self)
        try check(Hold.self)
        try check(Revocation.self)
        _ = try readBack(Attestation.self)
        _ = try readBack(Delay.self)
        _ = try readBack(Consent.self)
        _ = try readBack(ReleaseIntent.self)
        _ = try readBack(PublishedShare.self)
        _ = try readBack(Drill.self)
        _ = try readBack(WordsReading.self)
        _ = try readBack(Reminder.self)
        _ = try readBack(Briefing.self)
        let contents = try readBack(BriefingContents.self)
        #expect(contents.cleanPlace(inRow: 0) == 1 && contents.cleanPlace(inRow: 1) == 0)
        _ = try readBack(Clearing.self)
        #expect(try readBack(SuccessorReceipt.self).matter == .escrow)
        #expect(try readBack(SwitchInvitation.self).access == nil)
        _ = try readBack(TrusteeAcceptance.self)
        _ = try readBack(SuccessorCard.self)
        #expect(try Hex.encode(readBack(SwitchBadge.self).id) == vectors["badge"]?.string)
    }

    @Test func whatIsOptionalIsReadToo() throws {
        let answers = try payloads(of: Attestation.type).map { try Attestation(payload: $0) }
        #expect(answers.map { $0.evidenceDigest?.count } == [nil, 32])
        let receipts = try payloads(of: SuccessorReceipt.type)
        #expect(
            try receipts.map { try SuccessorReceipt(payload: $0).matter } == [.escrow, .delivery]
        )
        let asked = try payloads(of: SwitchInvitation.type).map {
            try SwitchInvitation(payload: $0)
        }
        #expect(asked.map { $0.access?.capability.count } == [nil, 32])
    }

    /// The specification names no message without a vector, nor the other way round.
    @Test func everyMessageOfTheSpecificationHasAVector() throws {
        let page = Self.file.deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "switch.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        // Rows of the table, and what stands inside other messages.
        let lines = text.split(separator: "\n").filter { $0.starts(with: /\| 3\./) }
        var named = Set(lines.joined().matches(of: /`(switch-[a-z-]+)`/).map { String($0.1) })
        named.formUnion([BriefingContents.type, SwitchBadge.type])
        let all = try #require(vectors["payloads"]?.array).map { Array(($0.string ?? "").utf8) }
        let types = try all.compactMap { try JSONValue(canonical: $0)["type"]?.string }
        #expect(Set(types) == named)
    }

    @Test func daysOpen() throws {
        let key = try secret("dayKey")
        let days = try payloads(of: SealedDay.type).map { try SealedDay(payload: $0) }
        let counts = days.map { $0.contents(key: key)?.statements.count }
        #expect(counts == [2, 0])
        let opened = days[0].contents(key: key)
        let first = try #require(opened)
        let attestation = try readBack(Attestation.self)
        let clearing = try readBack(Clearing.self)
        #expect(first.statements == [.attestation(attestation), .clearing(clearing)])
    }

    @Test func wordsSoundAlikeAndOpenTheArming() throws {
        let arming = try readBack(SwitchArming.self)
        let rows = try #require(vectors["words"]?.array)
        for (index, row) in rows.enumerated() {
            for set in try #require(row.array) {
                let bytes = try Hex.decode(#require(set["bytes"]?.string))
                let read = OneTimeWords(bytes: bytes)
                let words = try #require(read)
                #expect(words.text == set["spoken"]?.string)
                #expect(OneTimeWords(words.text) == words)
                let commitment = words.commitment(of: arming.epoch.id, cycle: Int64(index + 1))
                #expect(Hex.encode(commitment) == set["commitment"]?.string)
                #expect(arming.words[index].commitments.contains(commitment))
            }
        }
    }
}
