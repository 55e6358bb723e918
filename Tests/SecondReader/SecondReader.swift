// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
internal import Foundation

/// A script of `scripts/verify` that decides histories: it shares no code with this program.
package struct SecondReader {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private let script: String

    /// The reader with this file name.
    package init(_ script: String) {
        self.script = Self.root.appending(path: "scripts/verify/\(script)").path
    }

    /// What the script says of histories, a line each; its exit code.
    ///
    /// - Parameters:
    ///   - histories: As the script reads them.
    ///   - mode: What else they are, as the script names it.
    /// - Returns: The code, 127 without Python, and all output.
    /// - Throws: What files and processes throw.
    package func decide(
        _ histories: [JSONValue],
        as mode: String = "--histories"
    ) throws -> (status: Int32, output: String) {
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "resguardo-reader-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }  // temporary anyway
        let (input, output) = (directory.appending(path: "in"), directory.appending(path: "out"))
        try Data(histories.flatMap { $0.canonicalBytes + [0x0a] }).write(to: input)
        try Data().write(to: output)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let own = Self.root.appending(path: ".build/venv/bin/python3").path
        let python = FileManager.default.isExecutableFile(atPath: own) ? own : "python3"
        process.arguments = [python, "-B", script, mode]
        process.standardInput = try FileHandle(forReadingFrom: input)
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = process.standardOutput
        try process.run()
        process.waitUntilExit()
        let said = String(decoding: try Data(contentsOf: output), as: UTF8.self)
        return (process.terminationStatus, said)
    }
}
