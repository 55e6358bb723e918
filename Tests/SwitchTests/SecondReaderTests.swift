// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Switch
import Testing

/// Random histories, signed for real, decided here and by `scripts/verify/switch_state.py`, which
/// shares no code with us.
@Suite struct SecondReaderTests {
    private static let isLong = ProcessInfo.processInfo.environment["RESGUARDO_LONG_TESTS"] != nil
    /// Histories of each of the two processes.
    private static let historyCount = isLong ? 1000 : 100
    /// The longest lives are left to the long test.
    private static let statementCountMax = isLong ? Int.max : 60
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// What the script says of histories, a line each; its exit code.
    private func decide(_ histories: [JSONValue]) throws -> (status: Int32, output: String) {
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "resguardo-switch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }  // temporary anyway
        let (input, output) = (directory.appending(path: "in"), directory.appending(path: "out"))
        try Data(histories.flatMap { $0.canonicalBytes + [0x0a] }).write(to: input)
        try Data().write(to: output)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let own = Self.root.appending(path: ".build/venv/bin/python3").path
        let python = FileManager.default.isExecutableFile(atPath: own) ? own : "python3"
        let script = Self.root.appending(path: "scripts/verify/switch_state.py").path
        process.arguments = [python, "-B", script, "--histories"]
        process.standardInput = try FileHandle(forReadingFrom: input)
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = process.standardOutput
        try process.run()
        process.waitUntilExit()
        let said = String(decoding: try Data(contentsOf: output), as: UTF8.self)
        return (process.terminationStatus, said)
    }

    @Test(arguments: 0..<2) func bothDecideAlike(_ part: Int) throws {
        var seed = UInt64.random(in: 0...UInt64.max / 2)
        print("histories from seed \(seed)")
        var histories: [JSONValue] = []
        var states: Set<Substring> = []
        while histories.count < Self.historyCount {
            defer { seed += 1 }
            let count = Self.statementCountMax
            guard let history = try SignedHistory(seed: seed, statementCountMax: count)?.json()
            else { continue }
            histories.append(history)
            for line in history["states"]?.array ?? [] {
                if let state = line.string?.split(separator: " ")[1] { states.insert(state) }
            }
        }
        let (status, output) = try decide(histories)
        if status == 127 || output.contains("No module named 'cryptography'") {
            print("skipped: there is no python3, or it has no cryptography")
            #expect(ProcessInfo.processInfo.environment["CI"] == nil)
            return
        }
        print(output)
        #expect(status == 0 && output.hasPrefix("\(Self.historyCount) histories"))
        #expect(states.count > 6, "\(states)")
    }
}
