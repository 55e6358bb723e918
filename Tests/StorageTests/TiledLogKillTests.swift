// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Sodium
import Storage
import Testing
import TransparencyLog

/// The built program appends and is killed at any instruction, again and again.
@Suite struct TiledLogKillTests {
    private static let roundCount = 12
    private static let inputCount = 40_000

    private let files = LocalFileSystem()
    private let directory = FileManager.default.temporaryDirectory
        .appending(path: "resguardo-kill-\(UUID().uuidString)").path

    @Test func whatTheProgramPrintedSurvivesItsDeath() throws {
        try files.makeDirectory(directory)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let fixture = try LogFixture()
        let key = fixture.signer.encoded().reveal()
        try files.replace(directory + "/key", with: key)
        var random = SplitMix64(state: 3)
        var size = 0
        var tree = CompactTree()
        for round in 0..<Self.roundCount {
            let milliseconds = UInt32.random(in: 1...120, using: &random)
            let acknowledged = try runAndKill(from: size, milliseconds: milliseconds)
            guard FileManager.default.fileExists(atPath: directory + "/log/checkpoint") else {
                #expect(acknowledged == 0, "round \(round)")
                continue
            }
            let reader = try TiledLogReader(
                directory: directory + "/log",
                log: fixture.signer.verifier
            )
            #expect(Int(reader.size) >= acknowledged, "round \(round)")
            #expect(throws: Never.self, "round \(round)") { try reader.audit() }
            for index in size..<max(size, Int(reader.size)) {
                tree.append(.leaf(LogFixture.entry(index)))
            }
            #expect(reader.checkpoint.root == tree.root, "round \(round)")
            size = Int(reader.size)
        }
    }

    /// Runs the program for a while.
    ///
    /// - Returns: The size that it last reported as durable, or `start`.
    private func runAndKill(from start: Int, milliseconds: UInt32) throws -> Int {
        var input: [UInt8] = []
        for entry in LogFixture.entries(start..<(start + Self.inputCount)) {
            try EntryBundle.append(entry, to: &input)
        }
        try files.replace(directory + "/input", with: input)
        try files.replace(directory + "/output", with: [])
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appending(path: "resguardo")
        process.arguments = [
            "plumbing", "log", "append", "--create", "--framed", "--batch", "97",
            "--key", directory + "/key", directory + "/log",
        ]
        process.standardInput = FileHandle(forReadingAtPath: directory + "/input")
        process.standardOutput = FileHandle(forWritingAtPath: directory + "/output")
        process.standardError = FileHandle.nullDevice
        try process.run()
        usleep(milliseconds * 1000)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let output = try files.read(directory + "/output", countMax: 1 << 20)
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
        return lines.last?.split(separator: " ").last.flatMap { Int($0) } ?? start
    }
}
