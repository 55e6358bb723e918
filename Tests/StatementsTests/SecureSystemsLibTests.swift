// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Sodium
import Statements
import Testing

/// Our envelopes in front of `securesystemslib`, the library behind in-toto and TUF, and its in
/// front of us.
@Suite struct SecureSystemsLibTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private struct Outcome {
        let status: Int32
        let output: [UInt8]
    }

    /// Runs `scripts/verify/dsse.py`, or says that it can not be.
    private func run(_ arguments: [String], input: [UInt8]) throws -> Outcome? {
        let python = Self.root.appending(path: ".build/venv/bin/python")
        let site = Self.root.appending(path: ".build/venv/lib")
        let isInstalled =
            FileManager.default.enumerator(atPath: site.path)?.contains {
                ($0 as? String)?.hasSuffix("/securesystemslib/dsse.py") == true
            } ?? false
        guard isInstalled else {
            print("skipped: securesystemslib is not installed (scripts/setup --tests)")
            #expect(ProcessInfo.processInfo.environment["CI"] == nil)
            return nil
        }
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "resguardo-dsse-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let (inputFile, outputFile) = (
            directory.appending(path: "in"), directory.appending(path: "out")
        )
        try Data(input).write(to: inputFile)
        try Data().write(to: outputFile)
        let process = Process()
        process.executableURL = python
        process.arguments = [Self.root.appending(path: "scripts/verify/dsse.py").path] + arguments
        process.standardInput = try FileHandle(forReadingFrom: inputFile)
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus,
            output: Array(try Data(contentsOf: outputFile))
        )
    }

    private func hex(_ byte: UInt8) -> String {
        Hex.encode([UInt8](repeating: byte, count: 32))
    }

    @Test func itVerifiesOurEnvelopes() throws {
        var envelope = try Sample.example.signed(by: testKey(1))
        try envelope.sign(with: testKey(2))
        let keys = try [UInt8(1), 2].map { Hex.encode(try testKey($0).publicKey.bytes) }
        guard let outcome = try run(["verify", "2"] + keys, input: envelope.bytes) else { return }
        #expect(outcome.status == 0)
        #expect(outcome.output == Sample.example.payload)
        let stranger = Hex.encode(try testKey(3).publicKey.bytes)
        let refused = try run(["verify", "2", keys[0], stranger], input: envelope.bytes)
        #expect(refused?.status != 0)
    }

    @Test func itRefusesWhatWeRefuse() throws {
        let envelope = try Sample.example.signed(by: testKey(1))
        var other = try Envelope(unsigned: Sample.example.payload, payloadType: "text/plain")
        try other.sign(with: testKey(1))
        var members = try #require(envelope.json.object)
        // The signature of the same payload under another type.
        members["signatures"] = other.json["signatures"]
        let key = Hex.encode(try testKey(1).publicKey.bytes)
        let bytes = JSONValue.object(members).canonicalBytes
        guard let outcome = try run(["verify", "1", key], input: bytes) else { return }
        #expect(outcome.status != 0)
        #expect(throws: StatementError.invalidSignature(index: 0)) {
            try Envelope(canonical: bytes).verify(keys: [testKey(1).publicKey])
        }
    }

    @Test func weVerifyItsEnvelopes() throws {
        let arguments = ["sign", Sample.payloadType, hex(1)]
        guard let outcome = try run(arguments, input: Sample.example.payload) else { return }
        let envelope = try Envelope(parsing: outcome.output)
        #expect(try envelope.open(signedBy: [testKey(1).publicKey]) == Sample.example)
        // Ed25519 is deterministic: both make the same envelope.
        #expect(try envelope == Sample.example.signed(by: testKey(1)))
    }
}
