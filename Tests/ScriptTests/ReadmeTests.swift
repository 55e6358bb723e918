// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Walks the README's tour as a new user does: what it tells people to type has to work.
@Suite struct ReadmeTests {
    /// The shell lines of the tour.
    private func tour() throws -> [String] {
        let url = ScriptTests.root.appending(path: "README.md")
        var lines: [String] = []
        var isTour = false
        var isShell = false
        for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") {
            if line.hasPrefix("## ") { isTour = line == "## Tour" }
            guard isTour else { continue }
            if line.hasPrefix("```") {
                isShell = line == "```sh"
            } else if isShell {
                lines.append(String(line))
            }
        }
        return lines
    }

    @Test func theTourWorks() throws {
        let lines = try tour()
        #expect(lines.count > 20)
        let work = FileManager.default.temporaryDirectory
            .appending(path: "resguardo-tour-\(UUID().uuidString)")
        let programs = work.appending(path: "programs")
        try FileManager.default.createDirectory(at: programs, withIntermediateDirectories: true)
        for program in ["resguardo", "age-plugin-pq"] {
            try FileManager.default.createSymbolicLink(
                atPath: programs.appending(path: program).path,
                withDestinationPath: ScriptTests.products.appending(path: "resguardo").path
            )
        }
        let script = (["set -euo pipefail"] + lines).joined(separator: "\n") + "\n"
        let file = work.appending(path: "tour.sh")
        try Data(script.utf8).write(to: file)
        let log = work.appending(path: "log")
        try Data().write(to: log)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["timeout", "--kill-after=5", "600", "setsid", "--wait", "bash", "-x", file.path]
        process.currentDirectoryURL = work
        process.environment = [
            "PATH": programs.path + ":"
                + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"),
            "HOME": work.path,
            "LC_ALL": "C.UTF-8",
        ]
        let handle = try FileHandle(forWritingTo: log)
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let text = String(decoding: try Data(contentsOf: log), as: UTF8.self)
        #expect(process.terminationStatus == 0, "\(text.suffix(4000))\n-- left in \(work.path)")
        if process.terminationStatus == 0 { try FileManager.default.removeItem(at: work) }
    }
}
