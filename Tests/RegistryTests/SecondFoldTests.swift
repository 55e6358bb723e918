// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Registry
import Testing

/// Random registries, signed for real, decided here and by `scripts/verify/registry_fold.py`, which
/// shares no code with us.
@Suite struct SecondFoldTests {
    private static let isLong = ProcessInfo.processInfo.environment["RESGUARDO_LONG_TESTS"] != nil
    private static let historyCount = isLong ? 200 : 10
    private static let stepCount = 260
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// What the script says of histories, a line each; its exit code.
    private func decide(_ histories: [JSONValue]) throws -> (status: Int32, output: String) {
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "resguardo-registry-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }  // temporary anyway
        let (input, output) = (directory.appending(path: "in"), directory.appending(path: "out"))
        try Data(histories.flatMap { $0.canonicalBytes + [0x0a] }).write(to: input)
        try Data().write(to: output)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let own = Self.root.appending(path: ".build/venv/bin/python3").path
        let python = FileManager.default.isExecutableFile(atPath: own) ? own : "python3"
        let script = Self.root.appending(path: "scripts/verify/registry_fold.py").path
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
        let first = UInt64.random(in: 0...UInt64.max / 2)
        print("registries from seed \(first)")
        var histories: [JSONValue] = []
        var seen: Set<Substring> = []
        var words: Set<Substring> = []
        for seed in first..<first + UInt64(Self.historyCount / 2) {
            var registry = try RandomRegistry(seed: seed)
            try registry.live(steps: Self.stepCount)
            // Every other one is read as of a day in the middle.
            let middle = World.start + (registry.world.state.clock - World.start) / 2
            let history = registry.json(until: seed % 2 == 0 ? nil : middle)
            histories.append(history)
            for periods in history["histories"]?.object?.values.map({ $0 }) ?? [] {
                for line in periods.array ?? [] {
                    if let words = line.string?.split(separator: " ") { seen.insert(words[2]) }
                }
            }
            for line in history["refused"]?.array ?? [] {
                if let word = line.string?.split(separator: " ").last { words.insert(word) }
            }
        }
        let (status, output) = try decide(histories)
        if status == 127 {
            print("skipped: there is no python3")
            #expect(ProcessInfo.processInfo.environment["CI"] == nil)
            return
        }
        print(output, seen.sorted(), words.sorted())
        #expect(status == 0 && output.hasPrefix("\(Self.historyCount / 2) histories"))
        #expect(seen.count > 5 && words.count > 8, "\(seen) \(words)")
    }
}
