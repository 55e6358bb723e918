// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Foundation
import RingSignature
import Sodium
import Testing

/// The plain-Python reference beside the package signs the same bytes and gives the same verdicts.
@Suite struct ReferenceTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    private static let reference = folder.appending(path: "../../../shared/reference/registry")
        .standardizedFileURL

    /// A random case, and what we make of it.
    private struct Case {
        var json: [String: JSONValue]
        let message: RingMessage
        let ring: Ring
        let signature: RingSignature
    }

    @Test func referenceAgreesOnRandomAndDamagedCases() throws {
        guard FileManager.default.fileExists(atPath: Self.reference.path()) else {
            print("skipped: no ../shared/reference/registry")
            if ProcessInfo.processInfo.environment["CI"] != nil {
                Issue.record("the reference is missing")
            }
            return
        }
        let isLong = ProcessInfo.processInfo.environment["RESGUARDO_LONG_TESTS"] != nil
        let seed = UInt64.random(in: 0...UInt64.max)
        print("ring signatures against the reference: seed \(seed)")
        var generator = SplitMix(state: seed)
        var lines: [String] = []
        var expected: [String] = []
        for _ in 0..<(isLong ? 2000 : 25) {
            let random = try Self.randomCase(&generator)
            lines.append(JSONValue.object(random.json).canonicalText)
            expected.append(Hex.encode(random.signature.bytes))
            for damaged in Self.damage(random.signature.bytes, &generator) {
                var json = random.json
                json["signature"] = .string(Hex.encode(damaged))
                lines.append(JSONValue.object(json).canonicalText)
                expected.append(Self.isValid(damaged, random) ? "1" : "0")
            }
        }
        #expect(expected.contains("1") && expected.contains("0"))
        let answers = try Self.ask(lines)
        #expect(answers.count == expected.count)
        for (index, pair) in zip(answers, expected).enumerated() where pair.0 != pair.1 {
            Issue.record("case \(index) of seed \(seed): \(lines[index])")
        }
    }

    private static func randomCase(_ generator: inout SplitMix) throws -> Case {
        let fixture = try RingFixture(
            Int.random(in: 1...4, using: &generator),
            label: UInt8.random(in: 0...255, using: &generator)
        )
        func bytes(_ count: Int) -> [UInt8] {
            (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
        }
        let place = Int.random(in: 0..<fixture.secrets.count, using: &generator)
        let context = bytes(32)
        let subject = bytes(32)
        let statement = bytes(Int.random(in: 0...50, using: &generator))
        let constituency = UInt16.random(in: 0...UInt16.max, using: &generator)
        let slot = UInt16.random(in: 0...UInt16.max, using: &generator)
        let epoch = UInt64.random(in: 0...UInt64(JSONValue.integerMax), using: &generator)
        let entropy = bytes(32)
        let message = try RingMessage(
            act: .vouch,
            context: context,
            constituency: constituency,
            subject: subject,
            epoch: epoch,
            slot: slot,
            statementDigest: SHA256.hash(statement)
        )
        let signature = try fixture.secret(place).sign(
            message,
            in: fixture.ring,
            entropy: SecretBytes(copying: entropy)
        )
        let json: [String: JSONValue] = [
            "constituency": .integer(Int64(constituency)),
            "context": .string(Hex.encode(context)),
            "entropy": .string(Hex.encode(entropy)),
            "epoch": .integer(Int64(epoch)),
            "place": .integer(Int64(place)),
            "ring": .array(fixture.ring.members.map { .string(Hex.encode($0.bytes)) }),
            "secret": .string(Hex.encode(fixture.secrets[place])),
            "slot": .integer(Int64(slot)),
            "statement": .string(Hex.encode(statement)),
            "subject": .string(Hex.encode(subject)),
        ]
        return Case(json: json, message: message, ring: fixture.ring, signature: signature)
    }

    /// The signature itself, and ways to spoil it.
    private static func damage(_ bytes: [UInt8], _ generator: inout SplitMix) -> [[UInt8]] {
        var flipped = bytes
        let position = Int.random(in: bytes.indices, using: &generator)
        flipped[position] ^= 1 << UInt8.random(in: 0...7, using: &generator)
        var empty = bytes
        let part = 32 * Int.random(in: 0..<(bytes.count / 32), using: &generator)
        empty.replaceSubrange(part..<(part + 32), with: [UInt8](repeating: 0, count: 32))
        return [bytes, flipped, empty, Array(bytes.dropLast(32))]
    }

    private static func isValid(_ bytes: [UInt8], _ random: Case) -> Bool {
        do throws(RingRefusal) {
            let count = random.ring.members.count
            let signature = try RingSignature(bytes, memberCount: count, act: .vouch)
            try signature.verify(random.message, by: random.ring)
            return true
        } catch {
            return false
        }
    }

    private static func ask(_ lines: [String]) throws -> [String] {
        let scratch = FileManager.default.temporaryDirectory
            .appending(path: "resguardo-ring-\(UUID().uuidString)")
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: scratch)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let script = folder.appending(path: "reference.py").path()
        process.arguments = ["python3", "-B", script, reference.path()]
        let output = Pipe()
        process.standardInput = try FileHandle(forReadingFrom: scratch)
        process.standardOutput = output
        try process.run()
        let answer = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: answer, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

/// Random numbers that a seed determines.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
