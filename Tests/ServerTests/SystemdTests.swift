// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The systemd units, as systemd itself judges them.
@Suite struct SystemdTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "scripts/systemd")
    private static let program = "/usr/bin/systemd-analyze"

    private func analyze(_ arguments: [String]) throws -> (code: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: Self.program)
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    @Test(arguments: [
        "resguardo-node.service", "resguardo-witness.service", "resguardo-trustee.service",
        "resguardo-remind.service",
    ])
    func unitsAreValidAndLockedDown(name: String) throws {
        guard FileManager.default.isExecutableFile(atPath: Self.program) else {
            print("skipped: no systemd-analyze")
            if ProcessInfo.processInfo.environment["CI"] != nil {
                Issue.record("systemd-analyze is missing")
            }
            return
        }
        // A copy whose program exists here, because verify looks for it.
        let folder = try TestFolder()
        let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
            .replacing("/usr/local/bin/resguardo ", with: ServerProcess.binary.path + " ")
        let copy = folder.path(name)
        try Data(text.utf8).write(to: URL(filePath: copy))
        let verified = try analyze(["verify", "--man=no", copy])
        #expect(verified.code == 0 && verified.output.isEmpty, "\(verified.output)")
        let judged = try analyze(["security", "--offline=true", "--threshold=15", copy])
        #expect(judged.code == 0, "\(judged.output.suffix(200))")
    }

    @Test func theTimerStartsTheReminders() throws {
        // The test above says what is missing.
        guard FileManager.default.isExecutableFile(atPath: Self.program) else { return }
        let folder = try TestFolder()
        for name in ["resguardo-remind.service", "resguardo-remind.timer"] {
            let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
                .replacing("/usr/local/bin/resguardo ", with: ServerProcess.binary.path + " ")
            try Data(text.utf8).write(to: folder.url.appending(path: name))
        }
        let timer = folder.path("resguardo-remind.timer")
        let verified = try analyze(["verify", "--man=no", timer])
        #expect(verified.code == 0 && verified.output.isEmpty, "\(verified.output)")
    }
}
