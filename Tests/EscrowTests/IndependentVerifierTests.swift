// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Escrow
import Foundation
import Sodium
import Testing

/// Compares this implementation with `scripts/verify/escrow.py`, which shares no code with it.
@Suite struct IndependentVerifierTests {
    private static let script = SpecificationVectors.packageRoot
        .appending(path: "scripts/verify/escrow.py")

    /// Runs the script and returns the lines it printed.
    private func run(_ arguments: [String], input: String = "") throws -> [String] {
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "resguardo-escrow-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }  // temporary anyway
        let inputFile = directory.appending(path: "in")
        let outputFile = directory.appending(path: "out")
        try Data(input.utf8).write(to: inputFile)
        try Data().write(to: outputFile)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-B", Self.script.path()] + arguments
        process.standardInput = try FileHandle(forReadingFrom: inputFile)
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let output = String(decoding: try Data(contentsOf: outputFile), as: UTF8.self)
        return output.split(separator: "\n").map(String.init)
    }

    private func compare(_ cases: [TranscriptTexts], _ comment: Comment) throws -> [String] {
        let input = cases.map { $0.line + "\n" }.joined()
        let verdicts = try run(["batch"], input: input)
        try #require(verdicts.count == cases.count)
        for (transcript, verdict) in zip(cases, verdicts) where transcript.verdict != verdict {
            Issue.record("\(comment): \(transcript.verdict) here, \(verdict) there")
            print(transcript.line)
        }
        return verdicts
    }

    @Test func theScriptsArithmeticIsThatOfRFC9496() throws {
        #expect(try run(["self-test"]) == ["ok"])
    }

    @Test func bothDeriveTheSameSeedFromRandomTranscripts() throws {
        let seed: UInt64 = 0x5eed_0001
        var generator = SeededGenerator(seed: seed)
        var cases: [TranscriptTexts] = []
        var seeds: [[UInt8]] = []
        for number in 0..<40 {
            let trusteeCount = Int.random(in: 2...7, using: &generator)
            let threshold = Int.random(in: 2...trusteeCount, using: &generator)
            let fixture = try EscrowFixture(
                "random-\(number)",
                threshold: threshold,
                trusteeCount: trusteeCount,
                epoch: UInt64.random(in: 0...EscrowScope.epochMax, using: &generator)
            )
            let openCount = Int.random(in: threshold...trusteeCount, using: &generator)
            let opening = Array(1...trusteeCount).shuffled(using: &generator).prefix(openCount)
            cases.append(try TranscriptTexts(fixture, opening: Array(opening)))
            seeds.append(fixture.seed)
        }
        let verdicts = try compare(cases, "seed \(seed)")
        #expect(verdicts == seeds.map { "ok \(Hex.encode($0))" })
    }

    @Test func bothRefuseDamagedTranscriptsInTheSameClass() throws {
        let seed: UInt64 = 0x5eed_0002
        var generator = SeededGenerator(seed: seed)
        let small = try EscrowFixture("damage-2of2", threshold: 2, trusteeCount: 2)
        let larger = try EscrowFixture("damage-3of4", threshold: 3, trusteeCount: 4)
        let originals = [
            try TranscriptTexts(small, opening: [1, 2]),
            try TranscriptTexts(larger, opening: [4, 1, 2]),
        ]
        let cases = (0..<600).map { number in
            var damaged = originals[number % 2]
            repeat {
                damaged.damage(with: &generator)
            } while damaged.texts == originals[number % 2].texts
            return damaged
        }
        let verdicts = try compare(cases, "seed \(seed)")
        // Damage that leaves the meaning alone is rare: white space, a share more or less.
        #expect(verdicts.filter { $0.hasPrefix("ok") }.count < 10)
        #expect(Set(verdicts).count > 8)
    }

    @Test func bothJudgeBlindedDealingsAlike() throws {
        let seed: UInt64 = 0x5eed_0003
        var generator = SeededGenerator(seed: seed)
        let fixture = try EscrowFixture("blind-3of4", threshold: 3, trusteeCount: 4)
        let entropy = SecretBytes(copying: [UInt8](repeating: 7, count: Dealer.entropyCount))
        let dealt = try Dealer.deal(in: fixture.context, entropy: entropy)
        let good = try Dealer.blind(dealt.dealing, entropy: entropy).bytes
        var cases = [good]
        for _ in 0..<200 {
            var damaged = good
            let place = Int.random(in: damaged.indices, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: damaged.removeLast(Int.random(in: 1...200, using: &generator))
            case 1: damaged.insert(0, at: place)
            default: damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            }
            cases.append(damaged)
        }
        let lines = cases.map { "{\"blind\":\"\(Hex.encode($0))\"}\n" }.joined()
        let verdicts = try run(["batch"], input: lines)
        #expect(verdicts.first == "ok 3 4")
        for (bytes, verdict) in zip(cases, verdicts) where Verdict.of(blind: bytes) != verdict {
            Issue.record("seed \(seed): \(Verdict.of(blind: bytes)) here, \(verdict) there")
        }
        #expect(verdicts.count == cases.count && Set(verdicts).count > 4)
    }
}
