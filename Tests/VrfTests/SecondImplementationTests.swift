// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Sodium
import Testing
import Vrf

/// `scripts/verify/vrf.py` makes the same proofs and gives the same verdicts.
@Suite struct SecondImplementationTests {
    private static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../scripts/verify/vrf.py").standardizedFileURL

    @Test func plainPythonAgreesOnRandomAndDamagedCases() throws {
        let isLong = ProcessInfo.processInfo.environment["RESGUARDO_LONG_TESTS"] != nil
        let seed = UInt64.random(in: 0...UInt64.max)
        print("vrf-r255 against scripts/verify/vrf.py: seed \(seed)")
        var generator = SplitMix(state: seed)
        var lines: [String] = []
        var expected: [String] = []
        for _ in 0..<(isLong ? 3000 : 60) {
            var wide = Self.bytes(64, &generator)
            let secret = try SecretScalar(reducing: SecretBytes(wiping: &wide)).reveal().bytes
            let key = try VrfKey(SecretBytes(copying: secret))
            let input = Self.bytes(Int.random(in: 0...100, using: &generator), &generator)
            let proof = try key.prove(input)
            let output = try proof.verify(key: key.publicKey, input: input)
            lines.append(Self.line(["input": input, "secret": secret]))
            let made = [key.publicKey.bytes, proof.bytes, output].map { Hex.encode($0) }
            expected.append(made.joined(separator: " "))
            let cases = Self.damage(key.publicKey.bytes, input, proof.bytes, &generator)
            for (key, input, proof) in cases {
                lines.append(Self.line(["key": key, "input": input, "proof": proof]))
                // Why the two refuse is not compared: whether they do, is.
                let output = try? VrfProof(proof).verify(
                    key: Element(canonical: key),
                    input: input
                )
                expected.append(output.map { Hex.encode($0) } ?? "no")
            }
        }
        let answers = try Self.ask(lines)
        #expect(answers.count == expected.count)
        for (index, pair) in zip(answers, expected).enumerated() where pair.0 != pair.1 {
            Issue.record("case \(index) of seed \(seed): \(lines[index])")
        }
        #expect(expected.count { $0 == "no" } > expected.count / 4)
        #expect(expected.contains { $0.utf8.count == 2 * Vrf.outputCount })
    }

    private typealias Case = (key: [UInt8], input: [UInt8], proof: [UInt8])

    /// The case itself, and ways to spoil it.
    private static func damage(
        _ key: [UInt8],
        _ input: [UInt8],
        _ proof: [UInt8],
        _ generator: inout SplitMix
    ) -> [Case] {
        func flipped(_ bytes: [UInt8]) -> [UInt8] {
            guard !bytes.isEmpty else { return [0] }
            var bytes = bytes
            let place = Int.random(in: bytes.indices, using: &generator)
            bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
            return bytes
        }
        let zero = [UInt8](repeating: 0, count: 32)
        return [
            (key, input, proof), (key, input, flipped(proof)), (key, flipped(input), proof),
            (flipped(key), input, proof), (zero, input, proof),
            (key, input, zero + proof.dropFirst(32)), (key, input, Array(proof.dropLast())),
            (key, input, Array(proof.dropLast(32)) + [UInt8](repeating: 0xff, count: 32)),
        ]
    }

    private static func bytes(_ count: Int, _ generator: inout SplitMix) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    private static func line(_ values: [String: [UInt8]]) -> String {
        JSONValue.object(values.mapValues { .string(Hex.encode($0)) }).canonicalText
    }

    private static func ask(_ lines: [String]) throws -> [String] {
        let scratch = FileManager.default.temporaryDirectory
            .appending(path: "resguardo-vrf-\(UUID().uuidString)")
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: scratch)
        defer { try? FileManager.default.removeItem(at: scratch) }  // temporary anyway
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-B", script.path(), "batch"]
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
