// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The Python that has the packages which the tests ask for.
enum TestPython {
    /// That of `scripts/setup`, or the system's.
    static var executable: URL {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let own = root.appending(path: ".build/venv/bin/python")
        let isThere = FileManager.default.isExecutableFile(atPath: own.path)
        return isThere ? own : URL(filePath: "/usr/bin/python3")
    }

    /// Says aloud that a test is skipped, which fails where everything has to be there.
    static func skip(_ what: String) {
        print("skipped: \(what) is not installed")
        #expect(ProcessInfo.processInfo.environment["CI"] == nil)
    }

    /// Starts a server's script in a folder, and waits for the first line that it prints.
    ///
    /// - Returns: That line; what came before the end of a script that says none.
    static func start(_ process: Process, _ script: String, in folder: URL) throws -> String {
        try start(process, [script], in: folder)
    }

    /// The same with arguments.
    static func start(_ process: Process, _ words: [String], in folder: URL) throws -> String {
        let output = Pipe()
        process.executableURL = executable
        process.arguments = words
        process.currentDirectoryURL = folder
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var text = ""
        while !text.contains("\n"),
            case let data = output.fileHandleForReading.availableData, !data.isEmpty
        {
            text += String(decoding: data, as: UTF8.self)
        }
        return text
    }
}
